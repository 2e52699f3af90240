# Français (Belgique). Espaces : fine insécable devant ; ! ?, insécable devant : et les unités, dans les guillemets.

## Dimensions

dimension-D1 = Rejoindre
dimension-D1-question = Peut-on rejoindre le centre facilement, à pied, en fauteuil ou avec une poussette ?
dimension-D2 = Circuler
dimension-D2-question = Peut-on se déplacer sans buter sur une voie ferrée, un cours d’eau ou une grand-route ?
dimension-D3 = Desservir
dimension-D3-question = Les transports en commun amènent-ils les clients quand ils veulent venir ?
dimension-D4 = Capter
dimension-D4-question = Les piétons passent-ils devant les commerces ?
dimension-D5 = Être vu
dimension-D5-question = Voit-on les commerces depuis les rues les plus fréquentées ?
dimension-D6 = Se garer
dimension-D6-question = Trouve-t-on une place à une distance raisonnable des commerces ?
dimension-D7 = S’implanter
dimension-D7-question = Reste-t-il des cellules commerciales vides ?
dimension-D8 = Relier
dimension-D8-question = La gare, les écoles, le marché et les musées sont-ils proches des commerces ?
dimension-D9 = Connaître
dimension-D9-question = La ville connaît-elle ses clients et ses flux ?
dimension-D10 = Retirer
dimension-D10-question = Peut-on retirer un colis ou une commande à pied, près de chez soi ?
dimension-D11 = Repartir
dimension-D11-question = Peut-on rentrer chez soi après la fermeture des magasins, sans porter ses achats trop loin ?

## Indicateurs

indicator-pedshed_people = Riverains à dix minutes à pied
indicator-pedshed_people-text = Habitants qui atteignent le centre en dix minutes à pied, rapportés à ceux qui vivent à moins de 800 m à vol d’oiseau.
indicator-detour_factor = Allongement du trajet à pied
indicator-detour_factor-text = Temps de marche jusqu’au centre, attentes aux traversées comprises, divisé par le temps que prendrait la ligne droite.
indicator-daily_shop_share = Commerce quotidien à dix minutes
indicator-daily_shop_share-text = Part des habitants qui ont un commerce d’achats quotidiens à moins de dix minutes à pied.
indicator-step_free_share = Accès sans escalier
indicator-step_free_share-text = Habitants qui atteignent le centre en dix minutes sans escalier, rapportés à ceux qui l’atteignent escaliers compris.
indicator-severance_share = Effet de coupure
indicator-severance_share-text = Part des abords d’une voie ferrée, d’un cours d’eau ou d’une grand-route où traverser prend plus de deux minutes supplémentaires.
indicator-not_well_served_share = Habitants peu desservis
indicator-not_well_served_share-text = Part des habitants mal desservis par les transports en commun, selon la règle de l’IWEPS.
indicator-ptal_centre = Desserte du centre (PTAL)
indicator-ptal_centre-text = Indice PTAL d’offre de transports en commun au cœur de la ville : plus il est élevé, plus l’offre est dense.
indicator-transit_time_p50 = Temps de trajet jusqu’au centre
indicator-transit_time_p50-text = Temps médian de porte à porte jusqu’au centre, en transports en commun ou à pied.
indicator-busy_without_shops_share = Rues fréquentées sans commerce
indicator-busy_without_shops_share-text = Part de la longueur des rues les plus fréquentées qui ne compte aucun commerce.
indicator-flow_shop_mismatch = Écart entre flux et commerces
indicator-flow_shop_mismatch-text = 0 quand les commerces se trouvent là où passent les piétons, 1 quand il n’y a aucun lien entre les deux.
indicator-unseen_shop_share = Commerces à l’écart des flux
indicator-unseen_shop_share-text = Part des commerces qui ne sont ni sur un axe fréquenté ni à moins de 50 m de l’un d’eux.
indicator-shops_without_bay_share = Commerces sans stationnement proche
indicator-shops_without_bay_share-text = Part des commerces sans place publique à moins de 300 m à pied.
indicator-full_hours_share = Heures de saturation des parkings
indicator-full_hours_share-text = Part des heures où l’occupation dépasse 85 %, seuil au-delà duquel il faut chercher une place.
indicator-no_disabled_bay_share = Commerces sans place PMR proche
indicator-no_disabled_bay_share-text = Part des commerces sans place réservée aux personnes à mobilité réduite à moins de 150 m à pied.
indicator-vacancy_share = Cellules commerciales vides
indicator-vacancy_share-text = Cellules vides, rapportées à l’ensemble des cellules commerciales.
indicator-asset_walk_p50 = Marche depuis les lieux d’attraction
indicator-asset_walk_p50-text = Temps médian à pied entre la gare, les écoles, les musées, les marchés et le cœur commerçant.
indicator-remote_asset_share = Lieux d’attraction éloignés
indicator-remote_asset_share-text = Part des lieux d’attraction situés à plus de dix minutes à pied du cœur commerçant.
indicator-knowledge_coverage = Données disponibles
indicator-knowledge_coverage-text = Part des données nécessaires à l’étude de la zone de chalandise et des flux dont la ville dispose.
indicator-pickup_share = Point de retrait à dix minutes
indicator-pickup_share-text = Part des habitants qui ont un point de retrait à moins de dix minutes à pied.
indicator-return_share = Retour possible après la fermeture
indicator-return_share-text = Part des habitants qui gagnent le cœur à pied ou en transports en commun et peuvent encore rentrer chez eux après la fermeture des magasins.
indicator-carry_distance = Distance à parcourir avec ses achats
indicator-carry_distance-text = Distance moyenne à pied entre un commerce et le parking public ou l’arrêt le plus proche.

## Causes de friction

cause-station_severed = { $named ->
    [yes] { $name } : gare mal reliée au centre
   *[no] Gare mal reliée au centre
}
cause-station_severed-text = { $persons ->
    [one] { $persons } voyageur par jour fait { $time } de marche de plus que nécessaire, aller et retour, faute de passage direct.
   *[other] { $persons } voyageurs par jour font chacun { $time } de marche de plus que nécessaire, aller et retour, faute de passage direct.
}
cause-station_severed-detail = Le centre est à { $straight_m } à vol d’oiseau, mais il faut { $walk_s } de marche.
cause-lot_cut_off = { $named ->
    [yes] { $name } : parking coupé du centre
   *[no] Parking coupé du centre
}
cause-lot_cut_off-text = { $persons ->
    [one] { $persons } automobiliste par jour y perd { $time }, aller et retour : le chemin à pied vers les commerces manque ou fait un long détour.
   *[other] { $persons } automobilistes par jour y perdent chacun { $time }, aller et retour : le chemin à pied vers les commerces manque ou fait un long détour.
}
cause-lot_cut_off-detail = Le centre est à { $straight_m } à vol d’oiseau, mais il faut { $walk_s } de marche.
cause-last_departure_before_closing = { $named ->
    [yes] Ligne { $name } : dernier départ avant la fermeture des magasins
   *[no] Dernier départ avant la fermeture des magasins
}
cause-last_departure_before_closing-text = { $persons ->
    [one] { $persons } client par jour doit écourter sa visite de { $time } pour ne pas manquer son retour.
   *[other] { $persons } clients par jour doivent écourter leur visite de { $time } pour ne pas manquer leur retour.
}
cause-last_departure_before_closing-detail = Dernier départ à { $last_departure }, fermeture des magasins à { $closing_time }.
cause-flow_without_shops = { $named ->
    [yes] { $name } : du passage, mais pas de commerce
   *[no] Une rue passante sans commerce
}
cause-flow_without_shops-text = { $persons ->
    [one] { $persons } piéton par jour y marche { $time } sans passer devant un commerce.
   *[other] { $persons } piétons par jour y marchent { $time } sans passer devant un commerce.
}
cause-flow_without_shops-detail = Le tronçon sans vitrine fait { $length_m }.
cause-shops_without_flow = { $named ->
    [yes] { $name } et environs : des commerces à l’écart des flux
   *[no] Des commerces à l’écart des flux
}
cause-shops_without_flow-text = { $persons ->
    [one] Autant de commerces bien placés attirent { $persons } client par jour ; d’ici à la rue passante la plus proche, l’aller et retour prend { $time }.
   *[other] Autant de commerces bien placés attirent { $persons } clients par jour ; d’ici à la rue passante la plus proche, l’aller et retour prend { $time }.
}
cause-shops_without_flow-detail = { $shops } commerces sont concernés : { $foot_traffic } piétons par jour y passent, contre { $core_foot_traffic } au cœur de la ville.
cause-steps_only = { $named ->
    [yes] { $name } : un passage par escalier seulement
   *[no] Un passage par escalier seulement
}
cause-steps_only-text = { $persons ->
    [one] { $persons } personne par jour qui ne peut pas prendre l’escalier (poussette, fauteuil, béquilles) perd { $time } à le contourner.
   *[other] { $persons } personnes par jour qui ne peuvent pas prendre l’escalier (poussette, fauteuil, béquilles) perdent { $time } à le contourner.
}
cause-steps_only-detail = Le contournement sans escalier prend { $detour_step_free_s }.
cause-parking_full = { $named ->
    [yes] { $name } : parking saturé
   *[no] Parking saturé
}
cause-parking_full-text = { $persons ->
    [one] { $persons } automobiliste par jour y cherche une place { $time } de trop.
   *[other] { $persons } automobilistes par jour y cherchent une place { $time } de trop.
}
cause-parking_full-detail = Occupation de { $occupancy_share } aux heures chargées, pour { $bays } places.
cause-residents_severed = { $named ->
    [yes] { $name } : habitants coupés du centre
   *[no] Habitants coupés du centre
}
cause-residents_severed-text = { $persons ->
    [one] { $persons } personne par jour fait un détour de { $time }, aller et retour, pour franchir une voie ferrée, un cours d’eau ou une grand-route.
   *[other] { $persons } personnes par jour font chacune un détour de { $time }, aller et retour, pour franchir une voie ferrée, un cours d’eau ou une grand-route.
}
cause-residents_severed-detail = { $residents } habitants sont concernés.
cause-residents_detour = { $named ->
    [yes] { $name } : un long détour pour les habitants
   *[no] Un long détour pour les habitants
}
cause-residents_detour-text = { $persons ->
    [one] { $persons } personne par jour fait un détour de { $time }, aller et retour, pour rejoindre le centre, sans obstacle visible : il manque un passage.
   *[other] { $persons } personnes par jour font chacune un détour de { $time }, aller et retour, pour rejoindre le centre, sans obstacle visible : il manque un passage.
}
cause-residents_detour-detail = { $residents } habitants sont concernés.
cause-asset_severed = { $named ->
    [yes] { $name } : mal relié aux commerces
   *[no] Lieu d’attraction mal relié aux commerces
}
cause-asset_severed-text = { $persons ->
    [one] { $persons } visiteur par jour fait un détour de { $time }, aller et retour, pour gagner les commerces.
   *[other] { $persons } visiteurs par jour font chacun un détour de { $time }, aller et retour, pour gagner les commerces.
}
cause-asset_severed-detail = Le centre est à { $straight_m } à vol d’oiseau, mais il faut { $walk_s } de marche.

## Actions à étudier

action-add_crossing = Créer une traversée (passage, passerelle ou tunnel)
action-add_path = Ouvrir un chemin piéton direct
action-steps_to_ramp = Doubler l’escalier d’une rampe
action-extend_span = Prolonger le service en soirée
action-open_shop = Favoriser l’ouverture d’un commerce
action-sign_route = Flécher l’itinéraire à pied
action-open_footway = Ouvrir au public un passage existant
action-reduce_limit = Raccourcir la durée de stationnement autorisée
action-price_parking = Adapter le tarif du stationnement
action-guide_parking = Orienter les conducteurs vers les parkings qui ont de la place
action-mark_disabled_bay = Marquer une place PMR
action-until = jusqu’à { $value }
action-limit = { $value } au plus

## Éléments de preuve

evidence-walk_s = Trajet à pied
evidence-straight_walk_s = Trajet en ligne droite
evidence-detour_s = Détour
evidence-straight_m = Distance à vol d’oiseau
evidence-walk_m = Distance à pied
evidence-bays = Places de parking
evidence-boardings_per_day = Montées par jour
evidence-last_departure = Dernier départ
evidence-closing_time = Fermeture des magasins
evidence-foot_traffic = Piétons par jour
evidence-length_m = Longueur du tronçon
evidence-shops = Commerces
evidence-flow_share = Part des piétons concernés
evidence-occupancy_share = Occupation
evidence-full_hours = Heures de saturation
evidence-search_s = Recherche d’une place
evidence-detour_step_free_s = Contournement sans escalier
evidence-residents = Habitants
evidence-trips_per_day = Trajets par jour
evidence-core_foot_traffic = Piétons par jour au cœur de la ville
evidence-departures_after_closing = Départs après la fermeture
evidence-maxstay_min = Durée de stationnement autorisée
evidence-next_shop_m = Distance du premier commerce
evidence-capacity = Capacité
evidence-departures = Départs dans la journée
evidence-stranded_share = Arrêts sans retour après la fermeture
evidence-model = calcul du modèle
evidence-setting = réglage de l’étude

## Personnes concernées

who-train_passengers = { $count ->
    [one] voyageur du train
   *[other] voyageurs du train
}
who-bus_passengers = { $count ->
    [one] voyageur du bus
   *[other] voyageurs du bus
}
who-drivers = { $count ->
    [one] automobiliste
   *[other] automobilistes
}
who-walkers = { $count ->
    [one] piéton
   *[other] piétons
}
who-residents = { $count ->
    [one] habitant
   *[other] habitants
}
who-reduced_mobility = { $count ->
    [one] personne à mobilité réduite
   *[other] personnes à mobilité réduite
}
who-shop_customers = { $count ->
    [one] client des commerces
   *[other] clients des commerces
}
who-asset_visitors = { $count ->
    [one] visiteur
   *[other] visiteurs
}

## Qualité, réserves

quality-observed = observé
quality-inferred = déduit
quality-assumed = supposé
quality-observed-text = mesuré ou publié tel quel
quality-inferred-text = tiré d’autres données, par exemple des étiquettes d’OpenStreetMap
quality-assumed-text = valeur par défaut de la méthode
quality-unknown = inconnu
flag-population_assumed = population supposée
flag-modelled_homes = habitants répartis entre les bâtiments par le modèle
flag-no_timetable = sans horaires : arrêts seulement
flag-few_cells = repose sur très peu d’habitations
flag-few_sites = repose sur très peu de points de comptage
flag-straight_line = distance à vol d’oiseau
flag-vacancy_unmapped = cellules vides peu relevées dans OpenStreetMap
flag-occupancy_some_lots = occupation connue pour quelques parkings seulement
flag-rail_only = train seulement : aucun horaire de bus
flag-not_reached = la moitié des habitants n’arrive pas en deux heures
flag-sparse_places = commerces peu relevés dans OpenStreetMap

not-scored = non évalué
not-scored-missing_input = non évalué : données manquantes
not-scored-low_coverage = non évalué : trop peu de données
not-scored-nothing_here = non évalué : rien à mesurer ici

level-low = faible
level-moderate = moyenne
level-high = forte

## Unités

unit-share = %
unit-ratio = rapport
unit-minutes = min
unit-min = min
unit-metres = m
unit-ptal_index = indice
unit-s = s
unit-m = m
unit-km = km
unit-persons_per_day = par jour
unit-persons = personnes
unit-per_day = par jour
unit-bays = places
unit-clock = heure
unit-count = nombre
value-ptal_index = { $number }
value-minutes = { $number } min
value-metres = { $number } m
value-kilometres = { $number } km
value-square_kilometres = { $number } km²
value-seconds = { $number } s
value-minutes_seconds = { $minutes } min { $seconds } s
value-hours_minutes = { $hours } h { $minutes }
value-hours = { $number } h
value-percent = { $number } %
value-clock = { $hours } h { $minutes }
value-clock-next-day = { $hours } h { $minutes } (le lendemain)
value-persons_per_day = { $number } par jour
value-person_hours_per_day = { $number } h par jour
value-bays = { $number ->
    [one] { $number } place
   *[other] { $number } places
}
value-kilobytes = { $number } Ko
value-megabytes = { $number } Mo

month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
date = { $first ->
    [yes] 1er { $month } { $year }
   *[no] { $day } { $month } { $year }
}

## Données

input-streets = Rues, bâtiments et commerces
input-streets-missing = Sans extrait d’OpenStreetMap, aucune étude n’est possible.
input-timetable = Horaires des transports en commun
input-timetable-missing = Sans horaires, on ne sait ni en combien de temps on vient, ni si l’on peut rentrer après la fermeture.
input-stops = Arrêts
input-stops-missing = Sans liste d’arrêts, seuls ceux d’OpenStreetMap sont connus.
input-boardings = Montées par gare ou par arrêt
input-boardings-missing = Sans relevé des montées, le nombre de voyageurs est estimé d’après les horaires.
input-parking = Parkings
input-parking-missing = Sans inventaire des parkings, seuls ceux d’OpenStreetMap sont connus.
input-occupancy = Occupation des parkings
input-occupancy-missing = Sans relevé d’occupation, la saturation des parkings reste inconnue.
input-counts = Comptages de piétons
input-counts-missing = Sans comptages, le nombre de piétons classe les rues entre elles mais ne vaut pas en valeur absolue.
input-count_sites = Emplacements des compteurs
input-count_sites-missing = Sans emplacement, un comptage ne peut pas être rapporté à une rue.
input-districts = Quartiers
input-districts-missing = Sans fichier de quartiers, les limites administratives d’OpenStreetMap servent ; à défaut, la ville est étudiée d’un seul tenant.
input-population = Population
input-population-missing = Sans population, le nombre d’habitants est supposé d’après la surface des logements, et chaque part d’habitants le signale.
input-elevation = Relief
input-elevation-missing = Sans relief, toutes les rues comptent comme plates.
input-car_speeds = Vitesses mesurées des voitures
input-car_speeds-missing = Sans mesures, les voitures roulent à la vitesse permise ou usuelle.
input-places = Commerces et équipements
input-places-missing = Sans inventaire, seuls les commerces d’OpenStreetMap sont connus.

## Ce qui demande une enquête

survey-online_visibility = Visibilité en ligne des commerces
survey-customer_expectations = Attentes des clients
survey-rents = Loyers commerciaux
survey-shop_quality = Qualité et diversité de l’offre
survey-digital_tools = Outils numériques des commerçants
survey-car_congestion = Embouteillages

## Origine du centre

origin-given = fixé par l’étude
origin-shops = déduit de la densité des commerces ({ $shops } commerces au cœur)
origin-lots = déduit de la densité des parkings, faute de commerces relevés
origin-junctions = déduit de la densité des carrefours, faute de commerces et de parkings relevés

## Comptages

scale-assumed_rates = Le nombre de piétons vient de taux de déplacement supposés : il classe les rues entre elles, mais ne se lit pas comme un nombre réel.
scale-calibrated = Le nombre de piétons est calé sur des comptages.
scale-assumed_rates-short = ordre de grandeur, non calé
scale-calibrated-short = calé sur comptages
health-usable = utilisable
health-suspect = douteux
health-dead = hors service
health-expanded = extrapolé, non mesuré

severity-note = remarque
severity-warning = avertissement
severity-error = erreur

## Remarques les plus fréquentes des lecteurs de fichiers

notice-car_speed_impossible = vitesses impossibles
notice-car_speed_twice = vitesses données deux fois
notice-car_speed_unit_unknown = unités de vitesse inconnues
notice-car_speed_way_unreadable = rues sans numéro dans un tableau de vitesses
notice-column_duplicate = colonne en double
notice-encoding_guessed = encodage du texte deviné
notice-nul_bytes = octets nuls dans le texte
notice-number_format_guessed = format des nombres deviné
notice-quote_unclosed = guillemet non refermé
notice-row_ragged = ligne au nombre de colonnes inattendu
notice-table_without_rows = tableau sans ligne
notice-time_unparsable = heure illisible
notice-coordinates_swapped = longitude et latitude inversées
notice-coordinate_outside = coordonnée hors de la zone
notice-coordinates_missing = coordonnées absentes
notice-position_missing = position absente
notice-people_outside_extract = habitants hors de l’extrait OpenStreetMap, non comptés
notice-population_missing = population absente
notice-population_code_unknown = code de quartier inconnu dans la population
notice-no_streets = aucune rue
notice-no_parking = stationnement interdit
notice-no_districts = aucun quartier
notice-input_outside_extract = donnée hors de l’extrait
notice-outside_study_area = hors de la zone étudiée
notice-geometry_empty = tracé vide
notice-file_not_used = fichier non utilisé
notice-file_not_recognised = fichier non reconnu
notice-file_unreadable = fichier illisible
notice-date_order_assumed = ordre du jour et du mois supposé
notice-date_order_mixed = jour et mois dans les deux ordres
notice-count_invalid = comptage illisible
notice-count_fractional = comptage à virgule
notice-count_duplicate = comptage en double
notice-count_site_not_usable = point de comptage inutilisable
notice-site_without_position = point de comptage sans position
notice-site_without_counts = point de comptage sans relevé
notice-capacity_invalid = capacité illisible
notice-maxstay_invalid = durée de stationnement illisible
notice-price_invalid = tarif illisible
notice-mapped_twice = relevé deux fois
notice-lot_in_two_files = parking présent dans deux fichiers
notice-lot_access_unknown = accès au parking non reconnu
notice-lot_id_duplicate = identifiant de parking en double
notice-amount_invalid = quantité illisible
notice-pair_twice = paire de lieux donnée deux fois
notice-pair_unknown = paire de lieux inconnus
notice-travel_time_invalid = temps de trajet illisible
notice-zone_without_centre = zone sans centre à portée
notice-choice_without_way = choix sans itinéraire connu
notice-straight_line_times = temps calculés à vol d’oiseau
notice-place_moved_to_street = lieu représenté par la rue la plus proche
notice-counters_on_one_street = deux compteurs pour une même rue
notice-place_without_times = lieu sans aucun temps de trajet
notice-supply_out_of_reach = offre que personne n’atteint
notice-income_missing = lieu sans revenu indiqué
notice-kind_missing = genre non précisé
notice-occupancy_unknown = lieu de stationnement sans taux d’occupation
notice-kind_by_capitals = genres distincts par la seule casse
notice-headways_drawn_once = lignes à intervalle tirées au sort une fois
notice-stops_off_streets = arrêts à l’écart des rues
notice-change_without_way = correspondance sans chemin dans les rues
notice-point_id_duplicate = identifiant de point en double
notice-point_not_linked = point trop loin de toute rue
notice-point_of_shape = surface ramenée à un point intérieur
notice-tag_odd = étiquette d’OpenStreetMap inattendue
notice-small_street_component = petit réseau de rues isolé
notice-sidewalk_mapped_apart = trottoir relevé à part
notice-districts_overlap = quartiers qui se chevauchent
notice-district_without_population = quartier sans population
notice-district_unnamed = quartier sans nom
notice-district_outside = quartier hors de l’extrait
notice-feed_misses_service_date = horaires qui ne couvrent pas le jour étudié
notice-feed_without_service = horaires sans aucun service
notice-time_interpolated = heure de passage interpolée
notice-times_decreasing = heures qui reculent
notice-trip_with_one_call = trajet à un seul arrêt
notice-element_twice = élément présent deux fois
notice-ring_unclosed = contour non refermé
notice-few_valid_days = trop peu de jours valides
notice-level_shift = niveau des comptages qui change d’un coup
notice-night_share = trop de passages la nuit
notice-directions = sens de passage déséquilibrés
notice-level = niveau de comptage invraisemblable
notice-access_from_schedule = accès déduit de l’horaire
notice-agency_in_two_feeds = même exploitant dans deux jeux d’horaires
notice-agency_missing = exploitant absent
notice-access_unknown = accès inconnu
notice-boarding_rule_unknown = règle de montée inconnue
notice-count_column_duplicate = colonne de comptage en double
notice-date_unparsable = date illisible
notice-duration_unparsable = durée illisible
notice-exact_times_unknown = type d’intervalle inconnu
notice-exception_type_unknown = exception de calendrier inconnue
notice-frequency_span_empty = plage de passages vide
notice-headway_not_positive = intervalle de passage nul
notice-id_missing = identifiant absent
notice-layer_unparsable = niveau illisible
notice-levels_unparsable = étages illisibles
notice-location_type_unknown = type d’arrêt inconnu
notice-lot_kind_unknown = type de parking inconnu
notice-maxspeed_unparsable = vitesse illisible
notice-maxstay_unparsable = durée de stationnement illisible
notice-maxstay_without_unit = durée de stationnement sans unité
notice-number_out_of_range = nombre hors limites
notice-reference_unknown = renvoi à un élément inconnu
notice-route_type_unknown = type de ligne inconnu
notice-service_span_reversed = période de service inversée
notice-street_parking_unknown = stationnement en rue inconnu
notice-text_not_utf8 = encodage du texte inattendu
notice-time_missing = heure absente
notice-transfer_between_routes = correspondance propre à deux lignes
notice-transfer_between_trips = correspondance propre à deux trajets
notice-transfer_type_unknown = type de correspondance inconnu
notice-transfer_without_stop = correspondance pour un lieu sans montée
notice-transfers_too_many = trop de correspondances pour des gares
notice-weekday_unknown = jour de la semaine inconnu
notice-width_unparsable = largeur illisible
notice-geometry_incomplete = tracé incomplet
notice-geometry_missing = tracé absent
notice-street_leaves_study_area = rue qui quitte la zone étudiée
notice-area_zero = surface nulle
notice-cell_without_area = maille sans surface
notice-cells_outside = mailles hors de la zone étudiée
notice-incline_unparsable = pente illisible
notice-kerb_height_unparsable = hauteur de bordure illisible
notice-level_unparsable = étage illisible
notice-turn_incomplete = interdiction de tourner sans ses voies
notice-turn_not_applied = interdiction de tourner impossible à placer
notice-height_unknown = altitude inconnue
notice-square_joined = rue qui rejoint une place sans nœud commun
notice-square_too_large = place trop grande pour en être une
notice-snapshot_not_used = instantané inutilisable
notice-snapshot_unwritable = instantané impossible à écrire
notice-conditional_access = accès sous condition, non évalué
notice-coordinate_not_finite = coordonnée illisible
notice-crs_guessed = système de coordonnées deviné
notice-crs_not_understood = système de coordonnées non compris
notice-direction_sum_mismatch = sens dont la somme diffère du total
notice-directions_summed = sens de passage additionnés
notice-disabled_bays = places réservées aux personnes handicapées, comptées à part
notice-district_code_duplicate = code de quartier en double
notice-districts_overlap_hairline = chevauchements infimes entre quartiers
notice-elevation_coarse = relief à grandes mailles
notice-elevation_in_feet = altitudes en pieds
notice-elevation_outside = relief hors de la zone étudiée
notice-feed_folder_ambiguous = plusieurs dossiers d’horaires possibles
notice-file_copied = fichier en double
notice-frequencies_too_many = trop de passages à intervalle régulier
notice-geometry_unreadable = tracé illisible
notice-height_not_a_number = altitudes qui ne sont pas des nombres
notice-height_out_of_range = altitude invraisemblable
notice-height_unit_unknown = unité d’altitude inconnue
notice-home_unlinked = logements loin de toute rue
notice-hour_ambiguous = heure répétée au changement d’heure
notice-hour_does_not_exist = heure inexistante au changement d’heure
notice-hour_invalid = heure invalide
notice-hour_partial = heure incomplète
notice-id_duplicate = identifiant en double
notice-location_duplicate = position en double
notice-location_without_counts = position sans comptage
notice-lot_unknown = parking inconnu
notice-lot_missing = ligne sans parking
notice-mark_on_no_street = repère qui n’est sur aucune rue
notice-nodata_unparsable = marque d’absence de données illisible
notice-node_off_globe = point hors du globe
notice-not_a_lot = objet qui n’est pas un parking
notice-not_a_polygon = objet sans surface
notice-not_only_polygons = tracés mêlés
notice-number_unparsable = nombre illisible
notice-occupancy_invalid = occupation invalide
notice-occupancy_without_capacity = occupation sans nombre de places
notice-title_rows = titres au-dessus de l’en-tête
notice-bins_longer_than_day = comptages de plus d’un jour
notice-daily_counts_beside_hourly = comptages par jour à côté de ceux par heure
notice-column_not_pedestrians = colonne qui ne compte pas les piétons
notice-column_not_counts = colonne sans comptages
notice-uptime_low = heure où le capteur était surtout à l’arrêt
notice-uptime_invalid = part du temps comptée illisible
notice-counts_scaled_by_source = comptages ramenés à l’heure par leur source
notice-counts_divided_by_uptime = comptages ramenés à l’heure selon le temps compté
notice-short_count_without_length = comptage court sans durée
notice-short_counts_overlap = comptages courts qui se chevauchent
notice-short_count_too_short = comptage court qui en dit trop peu sur la journée
notice-short_count_expanded = comptage court extrapolé à l’année, non mesuré
notice-factors_counted = extrapolé d’après les compteurs de la ville
notice-factors_assumed = extrapolé avec des parts supposées par heure, jour et mois
notice-occupancy_of_one_moment = occupation d’un seul moment
notice-occupancy_unit_assumed = unité de l’occupation supposée
notice-lot_closed = parking fermé
notice-not_for_cars = stationnement qui n’est pas pour les voitures
notice-bays_grouped = places isolées regroupées
notice-no_parking_records = publication sans parkings
notice-population_in_parts = habitants par sexe ou âge
notice-population_kept_secret = habitants tenus secrets
notice-grid_cell_unknown = maille inconnue
notice-parent_unknown = gare de rattachement inconnue
notice-people_unplaced = habitants sans logement connu
notice-population_code_duplicate = code de population en double
notice-population_code_missing = code de population absent
notice-population_invalid = population invalide
notice-population_negative = population négative
notice-population_unparsable = population illisible
notice-reaches_beyond_files = objet qui dépasse l’extrait
notice-ring_degenerate = contour réduit à une ligne
notice-ring_self_intersecting = contour qui se recoupe
notice-ring_tangled = contour qui se recoupe trop souvent pour être découpé
notice-boundary_incomplete = limite administrative qui ne se referme pas
notice-boundary_tangled = limite administrative qui se recoupe trop souvent
notice-way_too_long = chemin de trop de nœuds
notice-member_twice = membre nommé deux fois dans une relation
notice-property_too_long = attribut au texte trop long
notice-row_too_long = ligne trop longue
notice-row_too_short = ligne trop courte
notice-several_layers = plusieurs couches dans le fichier
notice-shop_unlinked = commerces loin de toute rue
notice-site_missing = point de comptage absent
notice-stop_mode_assumed = mode de transport supposé
notice-stop_mode_unknown = mode de transport inconnu
notice-stop_sequence_duplicate = ordre d’arrêt en double
notice-stop_unknown = arrêt inconnu
notice-stop_unlinked = arrêts loin de toute rue
notice-street_closed_on_foot = rues fermées aux piétons
notice-street_off_plane = rue hors du plan
notice-system_unknown = système de coordonnées inconnu
notice-table_not_recognised = tableau non reconnu
notice-time_missing_at_end = heure absente en bout de trajet
notice-time_zone_unknown = fuseau horaire inconnu
notice-trip_without_calls = trajet sans arrêt
notice-trips_collapsed = trajets identiques réunis
notice-surface_unknown = revêtement inconnu
notice-centre_alone = centre qu’aucun autre n’atteint
notice-feature_not_a_line = objet qui n’est pas une ligne
notice-feature_deleted = objet marqué comme supprimé
notice-file_cut_off = fichier tronqué
notice-properties_unreadable = attributs illisibles
notice-ring_direction = contours dans le mauvais sens
notice-shapefile_index_unusable = index de Shapefile inutilisable
notice-shapefile_rows_differ = table de Shapefile avec un autre nombre de lignes
notice-shapefile_without_table = Shapefile sans sa table

## Rapport

report-title = Ce qui sépare les clients des commerces
report-subtitle = Diagnostic des frictions du centre-ville
report-definition-title = Qu’est-ce qu’une friction ?
report-definition = Une friction est le temps qu’un client perd sur son trajet et qu’on pourrait lui éviter, compté en secondes et rattaché à une cause : un passage qui manque, un dernier bus trop tôt, un parking saturé. Une note de friction va de 0 (rien ne gêne) à 100 (très gênant).
report-contents = Sommaire
report-skip = Aller au contenu
fact-residents = Habitants
fact-shops = Commerces occupés
fact-shops-unmapped = non relevés dans OpenStreetMap
fact-shops-sparse = { $shops } (peu relevés dans OpenStreetMap)
fact-area = Superficie étudiée
fact-network = Réseau piéton
fact-service_day = Jour étudié
fact-closing = Fermeture des magasins
fact-centre = Cœur de la ville
fact-unknown = inconnu
fact-no_timetable = aucun horaire fourni

brief-title = En bref
brief-score-centre = La friction du centre-ville est { $level } : { $score } sur 100, d’après { $scored } des { $total } dimensions.
brief-score-none = Trop peu de dimensions ont pu être évaluées ({ $scored } sur { $total }) pour donner une note d’ensemble au centre-ville.
brief-top = Première cause de temps perdu — { $title }. { $sentence }
brief-next = Deuxième cause — { $title }. { $sentence }
brief-no-points = Aucun lieu où les clients perdent un temps évitable n’a été trouvé avec les données fournies.
brief-strength = Ce qui va bien : { $list }.
brief-no-strength = Aucun indicateur n’atteint encore la valeur visée.
brief-missing = Ce qu’on ne sait pas : { $list }. Ces notes restent vides, faute de données.
brief-complete = Toutes les dimensions ont pu être évaluées.
brief-strength-item = { $low ->
    [yes] { $indicator } ({ $value } seulement)
   *[no] { $indicator } ({ $value })
}
quoted = « { $text } »

score-title = Les onze dimensions
score-intro = Chaque dimension est notée de 0 (rien ne gêne) à 100 (très gênant), par rapport à des seuils fixes, les mêmes pour toutes les villes. Une case vide n’est pas une note moyenne : c’est une dimension que les données ne permettent pas d’évaluer.
score-col-dimension = Dimension
score-col-centre = Centre-ville
score-col-town = Ensemble de la ville
score-col-coverage = Données connues
score-total = Friction totale
score-total-linear = Moyenne simple, pour comparaison
score-caption = Friction par dimension, de 0 à 100
score-on-100 = { $score } sur 100
score-centre-note = Le centre-ville réunit les logements, commerces et parkings à moins de dix minutes à pied du cœur.

indicators-title = Les indicateurs en détail
indicators-caption = Indicateurs du centre-ville et de l’ensemble de la ville
indicators-col-indicator = Indicateur
indicators-col-goalposts = Bon – mauvais
indicators-col-quality = Connu par
indicators-intro = « Bon – mauvais » donne les deux seuils entre lesquels la friction passe de 0 à 100.

map-title = Cartes
map-town = La ville
map-centre = Le centre-ville
map-town-alt = Carte de la ville : limites des quartiers, rues selon le nombre de piétons, voies ferrées, cours d’eau et lieux de friction numérotés.
map-centre-alt = Carte du centre-ville : rues selon le nombre de piétons, commerces, parkings, arrêts, zones à 5, 10 et 15 minutes à pied et lieux de friction numérotés.
map-legend = Légende
map-foot-traffic = Piétons par jour ({ $scale })
map-class-range = { $low } à { $high }
map-class-above = plus de { $low }
map-class-below = moins de { $high }
map-shops = Commerce
map-vacant = Cellule vide
map-lots = Parking
map-stops = Arrêt de bus ou de tram
map-rail-stops = Gare
map-friction = Lieu de friction
map-friction-line = Tracé concerné
map-isochrone = À { $minutes } minutes à pied du cœur
map-core = Cœur de la ville
map-water = Eau
map-green = Espace vert
map-railway = Voie ferrée
map-waterway = Cours d’eau
map-motorway = Autoroute ou grand-route
map-district = Limite de quartier
map-north = Nord
map-copyright = © les contributeurs d’OpenStreetMap
map-empty = Rien à dessiner.

points-title = Les lieux de friction
points-intro = Classés par temps perdu en tout : le nombre de personnes concernées par jour, multiplié par le temps que chacune perd. Le numéro est celui des cartes.
points-none = Aucun lieu de friction n’a été trouvé avec les données fournies.
points-summary-caption = Les lieux de friction, du plus coûteux au moins coûteux
points-col-rank = N°
points-col-place = Lieu et cause
points-col-who = Personnes touchées
points-col-seconds = Perdu par chacun
points-col-total = Temps perdu en tout
points-evidence = Sur quoi repose ce constat
points-evidence-what = Constat
points-evidence-value = Valeur
points-evidence-source = Source
points-actions = Ce qu’on peut étudier
points-no-actions = Aucune action ne ressort d’elle-même : à examiner sur place.
points-quality = Fiabilité : { $quality } ({ $text }).
points-more = { $count ->
    [one] Un autre lieu de friction, moins coûteux, figure dans le fichier friction_points.geojson.
   *[other] { $count } autres lieux de friction, moins coûteux, figurent dans le fichier friction_points.geojson.
}
points-lost = Temps perdu : { $total }
points-district = Quartier : { $name }

districts-title = Les quartiers
districts-intro = Friction par dimension, de 0 à 100. Une case vide n’a pas pu être évaluée.
districts-none = L’étude ne compte aucun quartier.
districts-caption = Friction des quartiers par dimension
districts-col-name = Quartier
districts-col-residents = Habitants
districts-col-shops = Commerces
districts-col-walk = À pied jusqu’au cœur
districts-col-friction = Friction totale
districts-partly = couvert à { $share } par l’extrait
districts-abbreviations = Les dimensions

strengths-title = Ce qui va bien
strengths-none = Aucun indicateur n’atteint encore la valeur visée.
strengths-intro = Indicateurs de la ville qui atteignent la valeur visée ou s’en approchent.

survey-title = Ce que les données ouvertes ne disent pas
survey-intro = Ces parties du diagnostic demandent une enquête auprès des commerçants et des clients. Elles restent vides et ne comptent dans aucune note.
survey-empty = à relever par enquête

missing-title = Données absentes
missing-intro = Fournir ces données rendrait le diagnostic plus complet ou plus sûr.
missing-col-input = Donnée
missing-col-effect = Conséquence
missing-col-feeds = Dimensions touchées
missing-caption = Données absentes et leurs conséquences

doubt-title = Peut-on s’y fier ?
doubt-sites = { $found } points de comptage trouvés, dont { $usable } utilisables et { $linked } rattachés à une rue.
doubt-sites-none = Aucun point de comptage n’a été fourni.
doubt-factor = Les valeurs du modèle ont été multipliées par { $factor } pour correspondre aux comptages.
doubt-spearman = Le modèle et les comptages classent les rues presque de la même façon quand la corrélation de rang approche 1 : elle vaut ici { $value }.
doubt-left-out = Un point de comptage mis de côté est estimé à un facteur { $value } près (valeur médiane ; 1 serait exact).
doubt-sites-caption = Points de comptage
doubt-col-site = Point de comptage
doubt-col-counted = Comptés par jour
doubt-col-modelled = Modèle, par jour
doubt-col-days = Jours valides
doubt-col-health = État
doubt-traffic = Nombre de piétons
doubt-files = Lignes lues
doubt-files-caption = Ce que sont devenues les lignes de chaque fichier
doubt-col-file = Fichier
doubt-col-read = Lues
doubt-col-used = Utilisées
doubt-col-repaired = Corrigées
doubt-col-dropped = Écartées
doubt-notices = Remarques sur les données
doubt-notices-caption = Remarques par type ; le détail figure dans notices.csv
doubt-col-notice = Remarque
doubt-col-severity = Gravité
doubt-col-count = Nombre
doubt-no-notices = Aucune remarque.

sources-title = Données et licences
sources-caption = Fichiers utilisés
sources-col-kind = Donnée
sources-col-file = Fichier
sources-col-date = Date des données
sources-col-attribution = À citer
sources-col-checksum = Empreinte SHA-256
sources-osm = Fond de carte, rues et commerces : © les contributeurs d’OpenStreetMap, licence ODbL 1.0.
sources-none = Aucun fichier n’est cité.

method-title = Méthode et paramètres
method-intro = Version { $method } de la méthode, version { $schema } du format. Deux villes ne se comparent que sous la même version de la méthode.
method-score = Chaque indicateur est ramené entre 0 et 1 par deux seuils fixes. Une dimension est la moyenne de ses indicateurs. La note totale est une moyenne géométrique des facilités : une dimension très mauvaise n’est pas effacée par les autres. Une dimension n’est notée que si la moitié au moins de ses données est connue.
method-caption = Paramètres
method-col-name = Paramètre
method-col-value = Valeur

## Paramètres

parameter-walk_speed = Vitesse de marche
parameter-link_limit = Distance la plus longue entre un lieu et une rue
parameter-walk_cutoff = Marche considérée autour d’un lieu
parameter-search_limit = Marche la plus longue recherchée
parameter-flow_radius = Rayon du calcul des flux
parameter-flow_decay = Atténuation des flux avec la distance
parameter-trips_per_resident = Trajets à pied par habitant
parameter-passengers_per_departure = Passagers par départ de bus
parameter-passengers_per_train = Passagers par train
parameter-boarding_shop_share = Part des voyageurs qui passent par les commerces
parameter-bay_turnover = Rotation d’une place de parking
parameter-assumed_departures = Départs supposés par arrêt sans horaire
parameter-persons_per_car = Personnes par voiture
parameter-asset_visitors = Visiteurs supposés d’un lieu d’attraction
parameter-reduced_mobility_share = Part des personnes à mobilité réduite
parameter-fair_detour = Détour jugé normal
parameter-least_loss = Perte de temps retenue à partir de
parameter-loss_cap = Perte de temps plafonnée à
parameter-closing_time = Fermeture des magasins
parameter-closing_margin = Délai pour quitter un magasin
parameter-window_start = Début de la plage horaire étudiée
parameter-window_minutes = Durée de la plage horaire étudiée
parameter-timetable_draws = Tirages des horaires des lignes à intervalle
parameter-draws_per_minute = Tirages par minute de départ
parameter-seed = Graine des tirages
parameter-journey_limit = Trajet le plus long en transports en commun
parameter-occupancy_target = Occupation visée des parkings
parameter-parking_stay = Durée d’un stationnement
parameter-bay_spacing = Longueur d’une place le long d’une rue
parameter-search_speed = Vitesse de recherche d’une place
parameter-dead_stretch = Longueur d’un tronçon sans commerce
parameter-frontage = Façade d’un commerce
parameter-cluster_shops = Commerces d’un groupe
parameter-cluster_gap = Écart entre commerces d’un groupe
parameter-quiet_share = Flux d’une rue calme, par rapport au cœur

## Résumé à l’écran

summary-total = { $name } : friction { $centre } au centre, { $town } dans toute la ville (0 : bien, 100 : mal)
summary-facts = { $shops ->
    [one] { $shops } commerce
   *[other] { $shops } commerces
}, { $districts ->
    [one] { $districts } quartier
   *[other] { $districts } quartiers
}, { $length } de voies à pied
summary-residents = { $count ->
    [one] { $count } habitant
   *[other] { $count } habitants
}
summary-worst = Ce qui coûte le plus aux clients
summary-more = et { $count } de plus
summary-missing = Données absentes : { $kinds }. La commande chaland check dit ce que chacune coûte.
summary-notices = { $count ->
    [one] { $count } remarque sur les données
   *[other] { $count } remarques sur les données
}
summary-results = Résultats dans { $folder } : { $files }

## Periods

date-period = du { $from } au { $to }

## Contrôle des données

check-title = Que valent les données de ce dossier ?
check-subtitle = Contrôle des données avant audit
check-contents = Sommaire
check-fact-day = Jour étudié
check-fact-day-none = aucun (pas d’horaires)
check-fact-map = Date de la carte
check-fact-network = Réseau piéton
check-fact-shops = Commerces relevés
check-fact-unknown = inconnue

verdict-title = En bref
verdict-indicators = Des { $total } indicateurs d’un audit de ce dossier, { $list }.
verdict-count-observed = { $count ->
    [one] { $count } sera observé
   *[other] { $count } seront observés
}
verdict-count-inferred = { $count ->
    [one] { $count } déduit d’autres données
   *[other] { $count } déduits d’autres données
}
verdict-count-assumed = { $count ->
    [one] { $count } simplement supposé
   *[other] { $count } simplement supposés
}
verdict-count-absent = { $count ->
    [one] { $count } restera vide
   *[other] { $count } resteront vides
}
verdict-silent = L’audit ne pourra pas noter ces dimensions : { $list }.
verdict-speaks = L’audit aura de quoi noter chacune des { $count } dimensions.
verdict-mend = Ce qui améliorerait le plus l’audit : { $list }.
verdict-mend-item = { $input } ({ $count ->
    [one] { $count } indicateur
   *[other] { $count } indicateurs
})
verdict-stops = Un audit de ce dossier s’arrêterait. Raison donnée par le programme : { $reason }
verdict-sound = Aucune réserve : rien d’anormal n’a été trouvé dans les données.
verdict-concerns = Réserves
verdict-outlook = Sur quoi reposera chaque indicateur
verdict-outlook-intro = Une observation est mesurée ou publiée telle quelle. Une déduction est tirée d’autres données. Une supposition est une valeur par défaut : une dimension qui n’aurait que cela n’est pas notée.
verdict-outlook-caption = Les indicateurs d’un audit, selon ce sur quoi ils reposeront
verdict-observed = Observés
verdict-inferred = Déduits
verdict-assumed = Supposés
verdict-absent = Non calculés
verdict-col-basis = Base
verdict-col-count = Nombre
verdict-col-indicators = Indicateurs
verdict-mends = Ce qu’il faudrait ajouter au dossier
verdict-mends-caption = Donnée à ajouter ou à compléter, et indicateurs qui y gagneraient
verdict-col-input = Donnée
verdict-col-gain = Indicateurs améliorés
verdict-mends-none = Rien : le dossier contient de quoi observer ou déduire tous les indicateurs.

concern-shops_sparse = { $value ->
    [0] La carte ne contient aucun commerce : un audit n’en dira rien.
    [one] La carte ne contient que { $value } commerce : ce qui concerne les commerces ne sera que supposé.
   *[other] La carte ne contient que { $value } commerces, trop peu pour une ville de cette taille : ce qui les concerne ne sera que supposé.
}
concern-feed_without_days = { $subject } : aucun trajet ne roule, quel que soit le jour.
concern-feed_misses_day = { $subject } : aucun trajet le jour étudié.
concern-feed_expired = { $subject } : les horaires s’arrêtent { $value ->
    [one] { $value } jour
   *[other] { $value } jours
} avant la date de la carte.
concern-feed_gap = { $subject } : { $value } jours sans aucun trajet, en { $of ->
    [one] { $of } interruption
   *[other] { $of } interruptions
} de quatre jours ou plus.
concern-rail_only = Les horaires ne contiennent presque que des trains : la desserte en bus reste inconnue.
concern-counters_not_usable = { $value ->
    [one] { $value } point de comptage sur { $of } est douteux ou hors service et ne servira pas au calage.
   *[other] { $value } points de comptage sur { $of } sont douteux ou hors service et ne serviront pas au calage.
}
concern-counters_unplaced = { $value ->
    [one] { $value } point de comptage sur { $of } n’est placé sur aucune rue.
   *[other] { $value } points de comptage sur { $of } ne sont placés sur aucune rue.
}
concern-network_in_pieces = { $value } du réseau piéton n’est pas relié au reste : des lieux peuvent sembler inaccessibles.
concern-crossings_untold = Pour { $value } des traversées, la carte ne dit pas s’il y a des feux ou un passage pour piétons : l’attente y est supposée.
concern-sidewalks_untold = Pour { $value } des chaussées, la carte ne dit rien des trottoirs.
concern-wheelchair_untold = Pour { $value } du réseau, la carte ne dit pas si l’on passe en fauteuil roulant.
concern-capacity_untold = { $value ->
    [one] { $value } parking ou stationnement en rue sur { $of } n’a pas de nombre de places
   *[other] { $value } parkings ou stationnements en rue sur { $of } n’ont pas de nombre de places
} : il est estimé d’après la surface ou la longueur.
concern-elevation_partial = Le relief ne couvre que { $value } du réseau : le reste compte comme plat.
concern-rows_dropped = { $subject } : { $value ->
    [one] { $value } ligne sur { $of } n’a pas été utilisée.
   *[other] { $value } lignes sur { $of } n’ont pas été utilisées.
}

check-files-title = Fichiers
check-files-caption = Ce que chaque fichier est pour l’étude
check-col-file = Fichier
check-col-use = Utilisé comme
check-col-rows = Lignes lues
check-col-dropped = Écartées
check-file-not_used = non utilisé
check-file-not_recognised = non reconnu
check-file-unreadable = illisible
check-english = Le détail entre crochets est donné tel que le programme l’écrit, en anglais.
check-missing-caption = Données qu’aucun fichier n’apporte
check-missing-title = Données absentes

check-streets-title = Rues
check-streets-intro = Le réseau piéton compte { $length } de rues et de chemins, chacun compté une fois. La plus grande composante, d’un seul tenant, en contient { $share }.
check-islands-none = Tout le réseau est d’un seul tenant.
check-islands = { $count ->
    [one] { $count } autre composante n’est pas reliée à pied à la principale.
   *[other] { $count } autres composantes ne sont pas reliées à pied à la principale.
}
check-islands-caption = Les plus longues composantes à l’écart
check-col-street = Rue
check-col-length = Longueur
check-col-place = Latitude, longitude
check-unnamed = sans nom
check-classes-caption = Longueur du réseau piéton par type de voie
check-col-class = Type de voie
check-class-others = autres
check-told-title = Ce que la carte dit des rues
check-crossings = Traversées ({ $count })
check-crossings-none = Aucune traversée où l’on attende n’est connue.
check-crossing-signals = feux
check-crossing-marked = passage pour piétons
check-crossing-unmarked = sans marquage
check-crossing-forbidden = interdite
check-crossing-unknown = non dit, supposé
check-sidewalks = Trottoirs, le long de { $length } de chaussées
check-sidewalks-none = Aucune chaussée à trottoirs dans l’extrait.
check-sidewalks-mapped = { $length } de trottoirs sont cartographiés comme des voies à part.
check-sidewalk-on_street = indiqué sur la rue
check-sidewalk-separate = cartographié à part
check-sidewalk-none = indiqué absent
check-sidewalk-untold = non dit
check-wheelchair = Passage en fauteuil roulant
check-wheelchair-ok = possible
check-wheelchair-limited = limité
check-wheelchair-no = impossible
check-wheelchair-unknown = non dit
check-other-modes = Les réseaux à vélo et en voiture se contrôlent avec chaland network.

check-timetables-title = Horaires
check-timetables-none = Aucun horaire de transports en commun dans ce dossier.
check-feed-span = Du { $from } au { $to }
check-feed-cut = et au-delà (seuls 800 jours sont regardés)
check-feed-never = Aucun trajet ne roule, quel que soit le jour.
check-feed-counts = { $trips } trajets, { $routes } lignes, { $served } arrêts desservis sur { $stops }, { $days } jours avec service
check-feed-day = { $trips ->
    [0] Aucun trajet le jour étudié ({ $date }).
    [one] { $trips } trajet le jour étudié ({ $date }).
   *[other] { $trips } trajets le jour étudié ({ $date }).
}
check-feed-expired = Périmé : le dernier trajet roule { $days ->
    [one] { $days } jour
   *[other] { $days } jours
} avant la date de la carte.
check-feed-gaps-none = Aucune interruption de quatre jours ou plus.
check-feed-gap = Sans aucun trajet du { $from } au { $to } ({ $days } jours)
check-feed-gaps-more = et { $count } autres interruptions
check-feed-weekdays = Trajets par jour de la semaine, en moyenne
check-feed-weeks = Trajets semaine par semaine ; la plus chargée en compte { $most }
check-feed-week = Semaine du { $monday } : { $trips } trajets
check-weekday-1 = lu
check-weekday-2 = ma
check-weekday-3 = me
check-weekday-4 = je
check-weekday-5 = ve
check-weekday-6 = sa
check-weekday-7 = di

check-counters-title = Compteurs de piétons
check-counters-none = Aucun comptage de piétons dans ce dossier.
check-counters-intro = { $usable } points de comptage sur { $all } sont utilisables. Un compteur bloqué répète la même valeur ou reste à zéro aux heures où l’on passe.
check-counters-caption = État de chaque point de comptage ; la bande montre chaque mois la part des heures comptées
check-counters-strip = { $month } : { $counted } compté, dont { $suspect } bloqué
check-counters-key-counted = compté
check-counters-key-suspect = compté, mais bloqué
check-col-counter = Point de comptage
check-col-period = Période et part comptée
check-col-faults = Lacunes et blocages
check-col-state = État
check-counter-on = { $street }, à { $away }
check-counter-street-unnamed = rue sans nom
check-counter-far = position connue, aucune rue à moins de 100 m
check-counter-nowhere = position inconnue
check-counter-hours = { $counted } heures sur { $expected } ({ $share })
check-counter-days = { $counted } jours sur { $expected } ({ $share })
check-counter-short = { $counted ->
    [one] { $counted } comptage manuel
   *[other] { $counted } comptages manuels
}
check-counter-nothing = aucun comptage
check-counter-valid = { $days ->
    [one] { $days } jour complet
   *[other] { $days } jours complets
}
check-counter-gap = { $gaps ->
    [one] { $gaps } lacune
   *[other] { $gaps } lacunes
}, la plus longue de { $length } à partir du { $date }
check-counter-zero = à zéro pendant { $length } à partir du { $date }
check-counter-flat = bloqué à { $count } pendant { $length } à partir du { $date }
check-counter-suspect = { $share } de valeurs bloquées
check-counter-clean = ni lacune ni blocage notables
check-counter-aadp = { $aadp } par jour
check-steps-hour = { $steps } h
check-steps-day = { $steps } j

check-parking-title = Stationnement
check-parking-none = Aucun parking connu.
check-parking-intro = { $told } parkings ou stationnements en rue sur { $lots } ont un nombre de places indiqué : { $bays } places indiquées, { $estimated } estimées d’après la surface ou la longueur.
check-parking-more = Places pour personnes handicapées connues pour { $disabled } d’entre eux ; occupation connue pour { $occupancy }.
check-parking-cut_off = { $count ->
    [one] { $count } est coupé de toute rue accessible à pied.
   *[other] { $count } sont coupés de toute rue accessible à pied.
}
check-parking-caption = Parkings par type
check-col-kind = Type
check-col-lots = Nombre
check-col-told = Capacité indiquée
check-col-bays = Places
check-lot-surface = parking en plein air
check-lot-multi_storey = parking à étages
check-lot-underground = parking souterrain
check-lot-street = stationnement en rue

check-people-title = Habitants, commerces et relief
check-people-cells = Population : { $people } habitants dans { $cells } mailles ou points.
check-people-codes = Population : { $people } habitants dans { $codes } secteurs ou quartiers.
check-people-counted = { $residents } habitants dans la zone étudiée, répartis entre { $dwellings } bâtiments d’habitation de la carte.
check-people-assumed = Aucune population : le nombre d’habitants sera supposé d’après { $dwellings } bâtiments d’habitation de la carte.
check-people-counted-streets = { $residents } habitants dans la zone étudiée, répartis le long des rues : la carte n’a pas assez de bâtiments d’habitation.
check-people-assumed-streets = Aucune population, et trop peu de bâtiments d’habitation sur la carte : le nombre d’habitants sera supposé d’après la longueur des rues.
check-people-districts = { $districts ->
    [one] { $districts } quartier
   *[other] { $districts } quartiers
}, dont { $known } avec une population propre.
check-people-shops = { $shops } commerces et { $vacant } cellules vides sur la carte.
check-elevation-covered = Relief : { $share } du réseau piéton est couvert, mailles de { $cell }.
check-elevation-covered-plain = Relief : { $share } du réseau piéton est couvert.
check-elevation-none = Aucun relief : toutes les rues compteront comme plates.

check-notices-title = Remarques sur les données
check-notices-caption = Remarques par type, les plus graves d’abord ; toutes figurent dans notices.csv
check-notices-none = Aucune remarque.
check-notice-row = ligne { $row }
check-notice-feature = objet { $feature }
check-notice-field = champ { $field }
check-notice-more = { $count ->
    [one] et { $count } autre
   *[other] et { $count } autres
}

class-motorway = autoroute
class-motorway_link = bretelle d’autoroute
class-trunk = voie rapide
class-trunk_link = bretelle de voie rapide
class-primary = route principale
class-primary_link = bretelle de route principale
class-secondary = route secondaire
class-secondary_link = bretelle de route secondaire
class-tertiary = route de liaison
class-tertiary_link = bretelle de route de liaison
class-unclassified = petite route
class-residential = rue résidentielle
class-living_street = zone de rencontre
class-service = voie de service, allée
class-pedestrian = rue ou place piétonne
class-track = chemin agricole ou forestier
class-road = route de type inconnu
class-bus_guideway = site propre de bus guidé
class-busway = site propre de bus
class-raceway = circuit
class-footway = trottoir ou chemin piéton
class-bridleway = chemin cavalier
class-steps = escalier
class-path = sentier
class-cycleway = piste cyclable
class-corridor = couloir
class-elevator = ascenseur
class-escalator = escalier mécanique
class-platform = quai
class-ferry = bac
class-via_ferrata = via ferrata
class-construction = voie en travaux
class-other = autre voie

check-day = jour étudié { $day }
check-written = Page et détail dans { $folder } : { $files }

# Page des zones de chalandise
catchment-title = Qui fréquente quel centre ?
catchment-subtitle = Zones de chalandise
catchment-straight-line = Première approche : aucun réseau n’a été fourni. Les temps sont calculés à vol d’oiseau et ne tiennent compte ni des rues, ni des rivières, ni des horaires.
catchment-brief-title = L’essentiel
catchment-maps-title = Cartes
catchment-centres-title = Centres
catchment-towns-title = Ce que chaque commune retient et perd
catchment-method-title = Méthode
catchment-fact-zones = Zones
catchment-fact-customers = Clients
catchment-fact-centres = Centres
catchment-fact-times = Temps de trajet
catchment-times-straight = à vol d’oiseau
catchment-times-adult = à pied
catchment-times-step-free = à pied, sans marches
catchment-times-wheelchair-strict = en fauteuil roulant (certain)
catchment-times-wheelchair-optimistic = en fauteuil roulant (possible)
catchment-times-bicycle = à vélo
catchment-times-calm-bicycle = à vélo par les rues calmes
catchment-times-car = en voiture
catchment-brief-first = { $name } attire { $customers } clients, soit { $share } de l’ensemble ; { $away } d’entre eux viennent d’une autre commune.
catchment-brief-most = { $name } attire { $customers } clients, soit { $share } de l’ensemble.
catchment-brief-losing = { $count ->
    [0] Aucune des { $all } communes ne perd plus de la moitié de ses clients au profit des autres.
    [one] Une commune sur { $all } perd plus de la moitié de ses clients au profit des autres.
   *[other] { $count } communes sur { $all } perdent plus de la moitié de leurs clients au profit des autres.
}
catchment-brief-leak = La plus grande fuite va de { $from } vers { $to } : { $customers } clients, soit { $share } de ceux qui habitent { $from }.
catchment-brief-elsewhere = { $share } des clients ne vont dans aucun de ces centres.
catchment-map-firsts = Le premier centre de chaque zone
catchment-map-firsts-alt = Chaque zone porte la couleur du centre qui attire le plus de ses clients ; plus claire là où ce centre en a moins de la moitié.
catchment-map-kept = Part des clients que chaque commune retient
catchment-map-kept-alt = Du rouge, où presque tous les clients partent, au vert, où presque tous restent.
catchment-legend-others = autres centres
catchment-legend-weak = couleur claire : moins de la moitié des clients
catchment-legend-kept = { $low } à { $high }
catchment-centres-caption = Du plus fréquenté au moins fréquenté. Les aires primaire, secondaire et tertiaire sont cumulées.
catchment-centres-more = { $count } autres centres sont dans les tableaux CSV.
catchment-col-centre = Centre
catchment-col-attraction = Attraction
catchment-col-customers = Clients
catchment-col-share = Part du total
catchment-col-own = Habitent la commune
catchment-col-primary = Aire primaire
catchment-col-secondary = + secondaire
catchment-col-tertiary = + tertiaire
catchment-col-zones = Zones acquises à plus de moitié
catchment-towns-intro = Un client retenu habite la commune et fréquente un de ses centres. Le solde compare les clients venus d’ailleurs à ceux qui partent.
catchment-towns-caption = De la plus peuplée à la moins peuplée
catchment-col-town = Commune
catchment-col-lives = Clients qui y habitent
catchment-col-kept = Retenus
catchment-col-lost = Partent surtout vers
catchment-col-drawn = Viennent d’ailleurs
catchment-col-balance = Solde
catchment-lost-to = { $name } ({ $share })
catchment-method-rule = Modèle de Huff : la part d’un centre est son attraction à la puissance { $power }, multipliée par f(t) = { $decay } (t en minutes), rapportée à la somme sur tous les centres atteints.
catchment-method-table = Les temps viennent du fichier { $file }.
catchment-method-straight = Les temps sont des lignes droites allongées d’un facteur { $detour } et parcourues à { $speed } km/h ; aucune rue n’a été consultée.
catchment-method-streets = Les temps sont calculés { $mode } sur le réseau de rues de l’étude ; une zone est représentée par son centre géométrique, ou par la rue la plus proche.
catchment-method-own = Dans une zone, les gens habitent partout : leur trajet vers un centre de cette zone compte au moins les deux tiers du rayon d’un cercle de même surface.
catchment-method-cutoff = Les trajets de plus de { $minutes } sont écartés.
catchment-method-outside = Une partie des clients ne va dans aucun de ces centres (autres villes, achats en ligne).
catchment-method-conditional = Les parts sont conditionnelles : tous les clients vont dans un des centres donnés, puisqu’aucune autre possibilité n’est prévue.
catchment-method-areas = Aires : les zones sont rangées selon le nombre de clients qu’elles envoient ; celles qui forment { $first } des clients d’un centre sont son aire primaire, jusqu’à { $second } la secondaire, jusqu’à { $third } la tertiaire. La dernière zone ajoutée peut dépasser le seuil.
catchment-method-kept = Ces nombres sont des attentes d’un modèle, non des visites comptées.
catchment-fit-title = Paramètres ajustés
catchment-parameter-minutes = minutes (dans f)
catchment-col-parameter = Paramètre
catchment-col-estimate = Estimation
catchment-col-error = Erreur type
catchment-fit-worth = Pour les zones que l’ajustement n’a pas vues ({ $zones } zones, par dixièmes) : R² { $r2 }, { $missed } des visites mal placées ; avec la règle de départ : R² { $givenr2 }, { $givenmissed }.
catchment-fit-unchecked = Cet ajustement n’a pas pu être vérifié sur des zones qu’il n’a pas vues.
catchment-references = Huff 1963 · Applebaum 1966 · McFadden 1974 · Nakanishi et Cooper 1974

compare-title = Comparaison de la friction entre villes
compare-subtitle = Villes côte à côte
compare-part-towns = villes entières
compare-part-centres = centres-villes
compare-fact-towns = Villes
compare-fact-part = Comparées sur
compare-fact-common = Dimensions communes
compare-fact-scoring = Seuils et poids
compare-common-of = { $count } sur 11
compare-between = { $low } à { $high }
compare-not-scored = non évalué
compare-not-common = évalué ici, mais pas dans toutes les villes : ne compte pas dans le rang
compare-no-ranks = Trop peu de dimensions sont connues dans toutes les villes : aucun rang n’est donné.
compare-brief-ends = { $first } oppose le moins d’obstacles aux clients ({ $first_score } sur 100), { $last } le plus ({ $last_score } sur 100).
compare-brief-sure = Neuf fois sur dix, l’ordre reste le même quels que soient les poids, les règles et les erreurs des données.
compare-brief-near = { $count ->
    [one] Pour une paire de villes voisines, le rang dépend des poids, des règles ou des erreurs des données : leur ordre n’est pas sûr.
   *[other] Pour { $count } paires de villes voisines, le rang dépend des poids, des règles ou des erreurs des données : leur ordre n’est pas sûr.
}
compare-brief-widest = L’écart est le plus grand pour « { $dimension } » : { $points } points.
compare-ranks-title = Classement
compare-ranks-intro = Le rang 1 va à la ville où la friction est la plus faible, sur les dimensions connues dans toutes les villes. La fourchette d’une note est celle où tombent neuf tirages sur dix quand les indicateurs varient dans leur marge d’erreur ; celle d’un rang, quand les poids et les règles changent aussi.
compare-ranks-caption = De la plus faible à la plus forte friction
compare-col-rank = Rang
compare-col-town = Ville
compare-col-residents = Habitants
compare-col-shops = Commerces
compare-col-friction = Friction, et sa fourchette
compare-col-own = Sur toutes ses dimensions
compare-col-at-most = Au plus
compare-col-coverage = Données connues
compare-dimensions-title = Dimension par dimension
compare-dimensions-intro = Chaque note dépend de la seule ville : ajouter une ville ne change aucune autre note. Une case vide n’a pas pu être évaluée.
compare-method-own = Les seuils sont fixes et les mêmes pour toutes les villes. « Au plus » est la friction totale si tout ce qu’on ne sait pas était au pire : une ville ne gagne rien à taire une donnée.
compare-method-common = Le rang ne compte que les dimensions évaluées dans toutes les villes, sinon une ville serait mieux classée pour une donnée qui manque.
compare-method-draws = { $draws } tirages refont le calcul avec d’autres poids, d’autres règles de normalisation et d’agrégation, un indicateur de moins, et des valeurs tirées dans leur marge d’erreur. Une ville y change de { $shift } place en moyenne.
compare-method-causes = Ce qui explique ces changements de rang : { $causes }.
compare-cause-normalisation = la normalisation
compare-cause-aggregation = l’agrégation
compare-cause-indicator-left-out = l’indicateur laissé de côté
compare-cause-weights-errors-and-joint = les poids, les erreurs et leurs effets conjoints
compare-method-version = Version de la méthode : { $version }. Manuel OCDE/CCR 2008 sur les indicateurs composites, étape 7.
score-between = { $low } à { $high }
score-doubt-note = En petit : la fourchette où tombent neuf tirages sur dix, quand les indicateurs varient dans leur marge d’erreur. Si l’on change aussi les poids et qu’on écarte un indicateur, la friction totale va de { $centrelow } à { $centrehigh } pour le centre-ville et de { $low } à { $high } pour la ville. Si tout ce qu’on ne sait pas était au pire, elle serait de { $centre } pour le centre-ville et de { $town } pour la ville.
districts-col-rank = Rang
districts-rank-note = Le rang 1 va au quartier où la friction est la plus faible ; entre parenthèses, où il se place neuf fois sur dix quand on change les poids, les règles et les valeurs ({ $draws } tirages). Un quartier s’y déplace de { $shift } places en moyenne.
points-doubt = entre { $low } et { $high }
