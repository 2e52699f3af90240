# English (British spelling).

## Dimensions

dimension-D1 = Reaching the centre
dimension-D1-question = Can people reach the centre easily, on foot, in a wheelchair or with a pram?
dimension-D2 = Moving about
dimension-D2-question = Can people move without running into a railway, a river or a main road?
dimension-D3 = Public transport
dimension-D3-question = Does public transport bring customers when they want to come?
dimension-D4 = Capturing flows
dimension-D4-question = Do people on foot pass the shops?
dimension-D5 = Being seen
dimension-D5-question = Can the shops be seen from the busiest streets?
dimension-D6 = Parking
dimension-D6-question = Is there a bay within a reasonable distance of the shops?
dimension-D7 = Settling
dimension-D7-question = Are there empty shop units?
dimension-D8 = Connecting
dimension-D8-question = Are the station, the schools, the market and the museums close to the shops?
dimension-D9 = Knowing
dimension-D9-question = Does the town know its customers and flows?
dimension-D10 = Collecting
dimension-D10-question = Can people collect a parcel or an order on foot, near home?
dimension-D11 = Getting home
dimension-D11-question = Can people get home after the shops close, without carrying their purchases too far?

## Indicators

indicator-pedshed_people = Nearby residents within ten minutes on foot
indicator-pedshed_people-text = Residents who reach the centre in ten minutes on foot, over those who live within 800 m as the crow flies.
indicator-detour_factor = Detour on foot
indicator-detour_factor-text = Walking time to the centre, waits at crossings included, divided by the time that a straight line would take.
indicator-daily_shop_share = Daily shop within ten minutes
indicator-daily_shop_share-text = Share of residents with a shop for daily needs within ten minutes on foot.
indicator-step_free_share = Step-free access
indicator-step_free_share-text = Residents who reach the centre in ten minutes without stairs, over those who reach it with stairs.
indicator-severance_share = Severance
indicator-severance_share-text = Share of the edges of railways, rivers and main roads where getting across adds more than two minutes.
indicator-not_well_served_share = Residents poorly served
indicator-not_well_served_share-text = Share of residents not well served by public transport, by the rule of IWEPS.
indicator-ptal_centre = Service of the centre (PTAL)
indicator-ptal_centre-text = PTAL index of public transport at the core of the town: the higher, the denser the service.
indicator-transit_time_p50 = Time to the centre
indicator-transit_time_p50-text = Median time from door to door to the centre, by public transport or on foot.
indicator-busy_without_shops_share = Busy streets without shops
indicator-busy_without_shops_share-text = Share of the length of the busiest streets that has no shop.
indicator-flow_shop_mismatch = Mismatch of flows and shops
indicator-flow_shop_mismatch-text = 0 when shops stand where people walk, 1 when the two have nothing to do with each other.
indicator-unseen_shop_share = Shops away from the flows
indicator-unseen_shop_share-text = Share of shops neither on a busy street nor within 50 m of one.
indicator-shops_without_bay_share = Shops without parking nearby
indicator-shops_without_bay_share-text = Share of shops without a public bay within 300 m on foot.
indicator-full_hours_share = Hours of full car parks
indicator-full_hours_share-text = Share of hours with more than 85% of bays taken, from which on people must search for a bay.
indicator-no_disabled_bay_share = Shops without a disabled bay nearby
indicator-no_disabled_bay_share-text = Share of shops without a disabled bay within 150 m on foot.
indicator-vacancy_share = Empty shop units
indicator-vacancy_share-text = Empty units over all shop units.
indicator-asset_walk_p50 = Walk from attractions
indicator-asset_walk_p50-text = Median walk between stations, schools, museums, markets and the shopping core.
indicator-remote_asset_share = Remote attractions
indicator-remote_asset_share-text = Share of attractions more than ten minutes on foot from the shopping core.
indicator-knowledge_coverage = Data at hand
indicator-knowledge_coverage-text = Share of the data needed to study catchment and flows that the town has.
indicator-pickup_share = Pick-up point within ten minutes
indicator-pickup_share-text = Share of residents with a pick-up point within ten minutes on foot.
indicator-return_share = Return possible after closing
indicator-return_share-text = Share of residents who reach the core on foot or by public transport and can still get home after the shops close.
indicator-carry_distance = Distance to carry purchases
indicator-carry_distance-text = Mean walk between a shop and the nearest public car park or stop.

## Causes of friction

cause-station_severed = { $named ->
    [yes] { $name }: station poorly linked to the centre
   *[no] Station poorly linked to the centre
}
cause-station_severed-text = { $persons ->
    [one] { $persons } passenger a day walks { $time } more than necessary there and back, for want of a direct way.
   *[other] { $persons } passengers a day each walk { $time } more than necessary there and back, for want of a direct way.
}
cause-station_severed-detail = The centre is { $straight_m } away as the crow flies, but { $walk_s } on foot.
cause-lot_cut_off = { $named ->
    [yes] { $name }: car park cut off from the centre
   *[no] Car park cut off from the centre
}
cause-lot_cut_off-text = { $persons ->
    [one] { $persons } driver a day loses { $time } here, there and back: the way on foot to the shops is missing or makes a long detour.
   *[other] { $persons } drivers a day each lose { $time } here, there and back: the way on foot to the shops is missing or makes a long detour.
}
cause-lot_cut_off-detail = The centre is { $straight_m } away as the crow flies, but { $walk_s } on foot.
cause-last_departure_before_closing = { $named ->
    [yes] Line { $name }: last departure before the shops close
   *[no] Last departure before the shops close
}
cause-last_departure_before_closing-text = { $persons ->
    [one] { $persons } customer a day must cut the visit short by { $time } so as not to miss the way home.
   *[other] { $persons } customers a day must cut their visit short by { $time } so as not to miss the way home.
}
cause-last_departure_before_closing-detail = Last departure at { $last_departure }, shops close at { $closing_time }.
cause-flow_without_shops = { $named ->
    [yes] { $name }: people pass, but there is no shop
   *[no] A busy street without shops
}
cause-flow_without_shops-text = { $persons ->
    [one] { $persons } person a day walks { $time } here without passing a shop.
   *[other] { $persons } people a day walk { $time } here without passing a shop.
}
cause-flow_without_shops-detail = The stretch without shop windows is { $length_m } long.
cause-shops_without_flow = { $named ->
    [yes] { $name } and around: shops away from the flows
   *[no] Shops away from the flows
}
cause-shops_without_flow-text = { $persons ->
    [one] As many shops in a good place draw { $persons } customer a day; from here to the nearest busy street, there and back takes { $time }.
   *[other] As many shops in a good place draw { $persons } customers a day; from here to the nearest busy street, there and back takes { $time }.
}
cause-shops_without_flow-detail = { $shops } shops are concerned: { $foot_traffic } people a day walk past, against { $core_foot_traffic } in the core of the town.
cause-steps_only = { $named ->
    [yes] { $name }: a way by stairs only
   *[no] A way by stairs only
}
cause-steps_only-text = { $persons ->
    [one] { $persons } person a day who cannot take stairs (pram, wheelchair, crutches) loses { $time } getting round them.
   *[other] { $persons } people a day who cannot take stairs (pram, wheelchair, crutches) each lose { $time } getting round them.
}
cause-steps_only-detail = The way round without stairs takes { $detour_step_free_s }.
cause-parking_full = { $named ->
    [yes] { $name }: car park full
   *[no] Car park full
}
cause-parking_full-text = { $persons ->
    [one] { $persons } driver a day searches { $time } too long for a bay.
   *[other] { $persons } drivers a day each search { $time } too long for a bay.
}
cause-parking_full-detail = { $occupancy_share } taken in busy hours, of { $bays } bays.
cause-residents_severed = { $named ->
    [yes] { $name }: residents cut off from the centre
   *[no] Residents cut off from the centre
}
cause-residents_severed-text = { $persons ->
    [one] { $persons } person a day makes a detour of { $time }, there and back, to get across a railway, a river or a main road.
   *[other] { $persons } people a day each make a detour of { $time }, there and back, to get across a railway, a river or a main road.
}
cause-residents_severed-detail = { $residents } residents are concerned.
cause-residents_detour = { $named ->
    [yes] { $name }: a long way round for residents
   *[no] A long way round for residents
}
cause-residents_detour-text = { $persons ->
    [one] { $persons } person a day makes a detour of { $time }, there and back, to reach the centre, round no visible obstacle: a way is missing.
   *[other] { $persons } people a day each make a detour of { $time }, there and back, to reach the centre, round no visible obstacle: a way is missing.
}
cause-residents_detour-detail = { $residents } residents are concerned.
cause-asset_severed = { $named ->
    [yes] { $name }: poorly linked to the shops
   *[no] Attraction poorly linked to the shops
}
cause-asset_severed-text = { $persons ->
    [one] { $persons } visitor a day makes a detour of { $time }, there and back, to reach the shops.
   *[other] { $persons } visitors a day each make a detour of { $time }, there and back, to reach the shops.
}
cause-asset_severed-detail = The centre is { $straight_m } away as the crow flies, but { $walk_s } on foot.

## Actions to look into

action-add_crossing = Make a crossing (at grade, bridge or tunnel)
action-add_path = Open a direct path
action-steps_to_ramp = Add a ramp beside the stairs
action-extend_span = Extend the service in the evening
action-open_shop = Encourage a shop to open
action-sign_route = Signpost the way on foot
action-open_footway = Open an existing way to the public
action-reduce_limit = Shorten the time parking is allowed
action-price_parking = Adapt the price of parking
action-guide_parking = Guide drivers to car parks with free bays
action-mark_disabled_bay = Mark a disabled bay
action-until = until { $value }
action-limit = { $value } at most

## Evidence

evidence-walk_s = Walk
evidence-straight_walk_s = Walk in a straight line
evidence-detour_s = Detour
evidence-straight_m = Straight distance
evidence-walk_m = Distance on foot
evidence-bays = Bays
evidence-boardings_per_day = Boardings a day
evidence-last_departure = Last departure
evidence-closing_time = Shops close
evidence-foot_traffic = People on foot a day
evidence-length_m = Length of the stretch
evidence-shops = Shops
evidence-flow_share = Share of people on foot concerned
evidence-occupancy_share = Occupancy
evidence-full_hours = Full hours
evidence-search_s = Search for a bay
evidence-detour_step_free_s = Way round without stairs
evidence-residents = Residents
evidence-trips_per_day = Trips a day
evidence-core_foot_traffic = People on foot a day in the core
evidence-departures_after_closing = Departures after closing
evidence-maxstay_min = Time parking is allowed
evidence-next_shop_m = Distance to the first shop
evidence-capacity = Capacity
evidence-departures = Departures in the day
evidence-stranded_share = Stops without a way back after closing
evidence-model = result of the model
evidence-setting = setting of the study

## Who is concerned

who-train_passengers = { $count ->
    [one] train passenger
   *[other] train passengers
}
who-bus_passengers = { $count ->
    [one] bus passenger
   *[other] bus passengers
}
who-drivers = { $count ->
    [one] driver
   *[other] drivers
}
who-walkers = { $count ->
    [one] person on foot
   *[other] people on foot
}
who-residents = { $count ->
    [one] resident
   *[other] residents
}
who-reduced_mobility = { $count ->
    [one] person with reduced mobility
   *[other] people with reduced mobility
}
who-shop_customers = { $count ->
    [one] customer of the shops
   *[other] customers of the shops
}
who-asset_visitors = { $count ->
    [one] visitor
   *[other] visitors
}

## Quality and doubts

quality-observed = observed
quality-inferred = inferred
quality-assumed = assumed
quality-observed-text = measured, or published as it is
quality-inferred-text = inferred from other data, such as OpenStreetMap tags
quality-assumed-text = default value of the method
quality-unknown = unknown
flag-population_assumed = population assumed
flag-modelled_homes = residents spread over buildings by the model
flag-no_timetable = no timetable: stops only
flag-few_cells = rests on very few homes
flag-few_sites = rests on very few count sites
flag-straight_line = straight distance
flag-vacancy_unmapped = few empty units are mapped in OpenStreetMap
flag-occupancy_some_lots = occupancy known for some car parks only
flag-rail_only = trains only: no bus timetable
flag-not_reached = half of the residents do not arrive within two hours
flag-sparse_places = few shops are mapped in OpenStreetMap

not-scored = not scored
not-scored-missing_input = not scored: data missing
not-scored-low_coverage = not scored: too few data
not-scored-nothing_here = not scored: nothing to measure here

level-low = low
level-moderate = moderate
level-high = high

## Units

unit-share = %
unit-ratio = ratio
unit-minutes = min
unit-min = min
unit-metres = m
unit-ptal_index = index
unit-s = s
unit-m = m
unit-km = km
unit-persons_per_day = per day
unit-persons = persons
unit-per_day = a day
unit-bays = bays
unit-clock = time of day
unit-count = number
value-ptal_index = { $number }
value-minutes = { $number } min
value-metres = { $number } m
value-kilometres = { $number } km
value-square_kilometres = { $number } km²
value-seconds = { $number } s
value-minutes_seconds = { $minutes } min { $seconds } s
value-hours_minutes = { $hours } h { $minutes } min
value-hours = { $number } h
value-percent = { $number }%
value-clock = { $hours }:{ $minutes }
value-clock-next-day = { $hours }:{ $minutes } (the next day)
value-persons_per_day = { $number } a day
value-person_hours_per_day = { $number } h a day
value-bays = { $number ->
    [one] { $number } bay
   *[other] { $number } bays
}
value-kilobytes = { $number } kB
value-megabytes = { $number } MB

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date = { $first ->
    [yes] 1 { $month } { $year }
   *[no] { $day } { $month } { $year }
}

## Data

input-streets = Streets, buildings and shops
input-streets-missing = Without an OpenStreetMap extract no study is possible.
input-timetable = Public transport timetable
input-timetable-missing = Without a timetable neither the time to come nor the way home after closing is known.
input-stops = Stops
input-stops-missing = Without a list of stops only those in OpenStreetMap are known.
input-boardings = Boardings per station or stop
input-boardings-missing = Without boardings the number of passengers is estimated from the timetable.
input-parking = Car parks
input-parking-missing = Without an inventory of car parks only those in OpenStreetMap are known.
input-occupancy = Occupancy of car parks
input-occupancy-missing = Without occupancy it is not known when car parks are full.
input-counts = Pedestrian counts
input-counts-missing = Without counts the number of people on foot ranks streets, but is not a true number.
input-count_sites = Places of the counters
input-count_sites-missing = Without its place a count cannot be linked to a street.
input-districts = Districts
input-districts-missing = Without a file of districts the administrative boundaries of OpenStreetMap serve; failing that, the town is studied as a whole.
input-population = Population
input-population-missing = Without population, residents are assumed from the floor area of homes; every share of them says so.
input-elevation = Heights of the ground
input-elevation-missing = Without heights every street counts as flat.
input-car_speeds = Measured speeds of cars
input-car_speeds-missing = Without measurements cars drive at the speed limit, or what is usual.
input-places = Shops and facilities
input-places-missing = Without an inventory only the shops in OpenStreetMap are known.

## What needs a survey

survey-online_visibility = Online visibility of shops
survey-customer_expectations = Expectations of customers
survey-rents = Shop rents
survey-shop_quality = Quality and variety of shops
survey-digital_tools = Digital tools of shopkeepers
survey-car_congestion = Traffic jams

## Where the centre comes from

origin-given = set by the study
origin-shops = from the density of shops ({ $shops } shops in the core)
origin-lots = from the density of car parks, since no shops are mapped
origin-junctions = from the density of junctions, since neither shops nor car parks are mapped

## Counts

scale-assumed_rates = Foot traffic comes from assumed trip rates: it ranks streets, but is not to be read as a true number.
scale-calibrated = Foot traffic is scaled to counts.
scale-assumed_rates-short = order of magnitude, not scaled to counts
scale-calibrated-short = scaled to counts
health-usable = usable
health-suspect = doubtful
health-dead = dead
health-expanded = expanded, not measured

severity-note = note
severity-warning = warning
severity-error = error

## The most frequent notices

notice-car_speed_impossible = impossible speeds
notice-car_speed_twice = speeds given twice
notice-car_speed_unit_unknown = unknown units of speed
notice-car_speed_way_unreadable = streets without a number in a table of speeds
notice-column_duplicate = column twice
notice-encoding_guessed = text encoding guessed
notice-nul_bytes = NUL bytes in the text
notice-number_format_guessed = number format guessed
notice-quote_unclosed = quotation mark not closed
notice-row_ragged = row with an unexpected number of columns
notice-table_without_rows = table without rows
notice-time_unparsable = unreadable time
notice-coordinates_swapped = longitude and latitude swapped
notice-coordinate_outside = coordinate outside the area
notice-coordinates_missing = coordinates missing
notice-position_missing = position missing
notice-people_outside_extract = residents outside the OpenStreetMap extract, not counted
notice-population_missing = population missing
notice-population_code_unknown = unknown district code in the population
notice-no_streets = no streets
notice-no_parking = parking forbidden
notice-no_districts = no districts
notice-input_outside_extract = input outside the extract
notice-outside_study_area = outside the study area
notice-geometry_empty = empty geometry
notice-file_not_used = file not used
notice-file_not_recognised = file not recognised
notice-file_unreadable = unreadable file
notice-date_order_assumed = order of day and month assumed
notice-date_order_mixed = day and month in both orders
notice-count_invalid = unreadable count
notice-count_fractional = count with a fraction
notice-count_duplicate = count twice
notice-count_site_not_usable = count site not usable
notice-site_without_position = count site without position
notice-site_without_counts = count site without counts
notice-capacity_invalid = unreadable capacity
notice-maxstay_invalid = unreadable longest stay
notice-price_invalid = unreadable price
notice-mapped_twice = mapped twice
notice-lot_in_two_files = car park in two files
notice-lot_access_unknown = unknown kind of access to a car park
notice-lot_id_duplicate = car park id twice
notice-amount_invalid = amount that is no number
notice-pair_twice = pair of places given twice
notice-pair_unknown = pair of unknown places
notice-travel_time_invalid = unreadable travel time
notice-zone_without_centre = zone without any centre in reach
notice-choice_without_way = choices without a known way
notice-straight_line_times = times in straight lines
notice-place_moved_to_street = place that the nearest street stands for
notice-counters_on_one_street = two counters on one street
notice-place_without_times = place that no time is given for
notice-supply_out_of_reach = something offered that nobody reaches
notice-income_missing = place without an income
notice-kind_missing = kind without a name
notice-occupancy_unknown = place to park that does not tell how full it is
notice-kind_by_capitals = kinds that differ by capitals
notice-headways_drawn_once = lines at headways shown as one draw
notice-stops_off_streets = stops off the streets
notice-change_without_way = change without a way on the streets
notice-point_id_duplicate = point id twice
notice-point_not_linked = point too far from every street
notice-point_of_shape = shape taken as a point inside it
notice-tag_odd = unexpected OpenStreetMap tag
notice-small_street_component = small isolated street network
notice-sidewalk_mapped_apart = sidewalk mapped apart
notice-districts_overlap = districts that overlap
notice-district_without_population = district without population
notice-district_unnamed = district without name
notice-district_outside = district outside the extract
notice-feed_misses_service_date = timetable that misses the day studied
notice-feed_without_service = timetable without service
notice-time_interpolated = time interpolated
notice-times_decreasing = times that run backwards
notice-trip_with_one_call = trip with one stop
notice-element_twice = element twice
notice-ring_unclosed = outline not closed
notice-few_valid_days = too few valid days
notice-level_shift = level of counts that shifts
notice-night_share = too many people at night
notice-directions = unbalanced directions
notice-level = implausible level of counts
notice-access_from_schedule = access told by the schedule
notice-agency_in_two_feeds = same operator in two timetables
notice-agency_missing = operator missing
notice-access_unknown = unknown access
notice-boarding_rule_unknown = unknown boarding rule
notice-count_column_duplicate = count column given twice
notice-date_unparsable = unreadable date
notice-duration_unparsable = unreadable duration
notice-exact_times_unknown = unknown kind of headway
notice-exception_type_unknown = unknown calendar exception
notice-frequency_span_empty = empty span of departures
notice-headway_not_positive = headway of zero
notice-id_missing = missing id
notice-layer_unparsable = unreadable level
notice-levels_unparsable = unreadable storeys
notice-location_type_unknown = unknown kind of stop
notice-lot_kind_unknown = unknown kind of car park
notice-maxspeed_unparsable = unreadable speed
notice-maxstay_unparsable = unreadable parking time limit
notice-maxstay_without_unit = parking time limit without unit
notice-number_out_of_range = number out of range
notice-reference_unknown = reference to something unknown
notice-route_type_unknown = unknown kind of line
notice-service_span_reversed = period of service reversed
notice-street_parking_unknown = unknown street parking
notice-text_not_utf8 = unexpected text encoding
notice-time_missing = missing time
notice-transfer_between_routes = change rule for two lines only
notice-transfer_between_trips = change rule for two trips only
notice-transfer_type_unknown = unknown kind of change
notice-transfer_without_stop = change rule for places where nobody boards
notice-transfers_too_many = too many change rules for stations
notice-weekday_unknown = unknown day of the week
notice-width_unparsable = unreadable width
notice-geometry_incomplete = incomplete geometry
notice-geometry_missing = missing geometry
notice-street_leaves_study_area = street that leaves the area studied
notice-area_zero = area of zero
notice-cell_without_area = cell without area
notice-cells_outside = cells outside the area studied
notice-incline_unparsable = unreadable slope
notice-kerb_height_unparsable = unreadable height of a kerb
notice-level_unparsable = unreadable level of a building
notice-turn_incomplete = turn restriction without its ways
notice-turn_not_applied = turn restriction that could not be placed
notice-height_unknown = height not known
notice-square_joined = street that meets a square without a common node
notice-square_too_large = square too large to be one
notice-snapshot_not_used = snapshot that cannot be used
notice-snapshot_unwritable = snapshot that cannot be written
notice-conditional_access = conditional access, not evaluated
notice-coordinate_not_finite = coordinate that is no number
notice-crs_guessed = coordinate system guessed
notice-crs_not_understood = coordinate system not understood
notice-direction_sum_mismatch = directions that do not add up
notice-directions_summed = directions added up
notice-disabled_bays = bays for disabled people, counted apart
notice-district_code_duplicate = district code used twice
notice-districts_overlap_hairline = hairline overlaps of districts
notice-elevation_coarse = heights in large cells
notice-elevation_in_feet = heights in feet
notice-elevation_outside = heights outside the area studied
notice-feed_folder_ambiguous = several timetable folders
notice-file_copied = file present twice
notice-frequencies_too_many = too many headway runs
notice-geometry_unreadable = geometry unreadable
notice-height_not_a_number = heights that are no number
notice-height_out_of_range = implausible height
notice-height_unit_unknown = unknown unit of height
notice-home_unlinked = homes far from any street
notice-hour_ambiguous = hour repeated when clocks change
notice-hour_does_not_exist = hour that does not exist when clocks change
notice-hour_invalid = invalid hour
notice-hour_partial = incomplete hour
notice-id_duplicate = id used twice
notice-location_duplicate = position given twice
notice-location_without_counts = position without counts
notice-lot_unknown = unknown car park
notice-lot_missing = row without car park
notice-mark_on_no_street = mark on no street
notice-nodata_unparsable = mark of missing data unreadable
notice-node_off_globe = point off the globe
notice-not_a_lot = object that is no car park
notice-not_a_polygon = object that is no area
notice-not_only_polygons = mixed geometries
notice-number_unparsable = number unreadable
notice-occupancy_invalid = invalid occupancy
notice-occupancy_without_capacity = occupancy without bays
notice-title_rows = titles above the header
notice-bins_longer_than_day = counts over more than a day
notice-daily_counts_beside_hourly = counts by the day beside those by the hour
notice-column_not_pedestrians = column of others than pedestrians
notice-column_not_counts = column without counts
notice-uptime_low = hour in which the sensor was mostly off
notice-uptime_invalid = unreadable share of time counted
notice-counts_scaled_by_source = counts scaled to whole hours by their source
notice-counts_divided_by_uptime = counts scaled to whole hours by the time counted
notice-short_count_without_length = short count without length
notice-short_counts_overlap = short counts that overlap
notice-short_count_too_short = short count that tells too little of a day
notice-short_count_expanded = short count expanded to the year, not measured
notice-factors_counted = expanded by the counters of the town
notice-factors_assumed = expanded by assumed shares of hours, weekdays and months
notice-occupancy_of_one_moment = occupancy of one moment
notice-occupancy_unit_assumed = unit of the occupancy assumed
notice-lot_closed = car park closed
notice-not_for_cars = parking that is not for cars
notice-bays_grouped = single bays taken together
notice-no_parking_records = publication without car parks
notice-population_in_parts = residents told by sex or age
notice-population_kept_secret = residents kept secret
notice-grid_cell_unknown = unknown grid cell
notice-parent_unknown = unknown parent station
notice-people_unplaced = people without a known home
notice-population_code_duplicate = population code used twice
notice-population_code_missing = population code missing
notice-population_invalid = invalid population
notice-population_negative = negative population
notice-population_unparsable = population unreadable
notice-reaches_beyond_files = object that reaches beyond the extract
notice-ring_degenerate = ring without area
notice-ring_self_intersecting = ring that crosses itself
notice-ring_tangled = ring that crosses itself too often to be cut apart
notice-boundary_incomplete = boundary that does not close
notice-boundary_tangled = boundary that crosses itself too often
notice-way_too_long = way with too many nodes
notice-member_twice = member named twice in a relation
notice-property_too_long = property with too long a text
notice-row_too_long = row too long
notice-row_too_short = row too short
notice-several_layers = several layers in the file
notice-shop_unlinked = shops far from any street
notice-site_missing = count site missing
notice-stop_mode_assumed = mode of stops assumed
notice-stop_mode_unknown = mode of stops unknown
notice-stop_sequence_duplicate = stop sequence used twice
notice-stop_unknown = unknown stop
notice-stop_unlinked = stops far from any street
notice-street_closed_on_foot = streets closed on foot
notice-street_off_plane = street off the plane
notice-system_unknown = unknown coordinate system
notice-table_not_recognised = table not recognised
notice-time_missing_at_end = time missing at the end of a trip
notice-time_zone_unknown = unknown time zone
notice-trip_without_calls = trip without calls
notice-trips_collapsed = equal trips collapsed
notice-surface_unknown = unknown surface
notice-centre_alone = centre that no other reaches
notice-feature_not_a_line = feature that is no line
notice-feature_deleted = feature marked as deleted
notice-file_cut_off = file cut off
notice-properties_unreadable = properties unreadable
notice-ring_direction = rings in the wrong direction
notice-shapefile_index_unusable = Shapefile index that cannot be used
notice-shapefile_rows_differ = Shapefile table with a different number of rows
notice-shapefile_without_table = Shapefile without its table

## Report

report-title = What stands between customers and shops
report-subtitle = Friction audit of the town centre
report-definition-title = What is friction?
report-definition = Friction is the time that customers lose on their trip and could be spared, counted in seconds and assigned to a cause: a missing way through, a last bus that leaves too early, a full car park. A friction score runs from 0 (nothing in the way) to 100 (very much in the way).
report-contents = Contents
report-skip = Skip to the content
fact-residents = Residents
fact-shops = Occupied shops
fact-shops-unmapped = not mapped in OpenStreetMap
fact-shops-sparse = { $shops } (hardly mapped in OpenStreetMap)
fact-area = Area studied
fact-network = Walking network
fact-service_day = Day studied
fact-closing = Shops close
fact-centre = Core of the town
fact-unknown = unknown
fact-no_timetable = no timetable given

brief-title = In brief
brief-score-centre = Friction in the town centre is { $level }: { $score } out of 100, from { $scored } of { $total } dimensions.
brief-score-none = Too few dimensions could be scored ({ $scored } of { $total }) for a total of the town centre.
brief-top = First cause of lost time — { $title }. { $sentence }
brief-next = Second cause — { $title }. { $sentence }
brief-no-points = No place where customers lose avoidable time was found with the data given.
brief-strength = What works well: { $list }.
brief-no-strength = No indicator reaches its target yet.
brief-missing = What is not known: { $list }. These scores stay empty for want of data.
brief-complete = All dimensions could be scored.
brief-strength-item = { $low ->
    [yes] { $indicator } (only { $value })
   *[no] { $indicator } ({ $value })
}
quoted = “{ $text }”

score-title = The eleven dimensions
score-intro = Each dimension is scored from 0 (nothing in the way) to 100 (very much in the way) against fixed thresholds, the same for all towns. An empty cell is not a middling score: it is a dimension that the data do not allow to score.
score-col-dimension = Dimension
score-col-centre = Town centre
score-col-town = Whole town
score-col-coverage = Data known
score-total = Total friction
score-total-linear = Plain mean, for comparison
score-caption = Friction per dimension, 0 to 100
score-on-100 = { $score } out of 100
score-centre-note = The town centre is the homes, shops and car parks within ten minutes on foot of the core.

indicators-title = Indicators in detail
indicators-caption = Indicators of the town centre and of the whole town
indicators-col-indicator = Indicator
indicators-col-goalposts = Good – bad
indicators-col-quality = Known by
indicators-intro = “Good – bad” gives the two thresholds between which friction goes from 0 to 100.

map-title = Maps
map-town = The town
map-centre = The town centre
map-town-alt = Map of the town: district outlines, streets by foot traffic, railways, water and numbered friction points.
map-centre-alt = Map of the town centre: streets by foot traffic, shops, car parks, stops, areas within 5, 10 and 15 minutes on foot and numbered friction points.
map-legend = Legend
map-foot-traffic = People on foot a day ({ $scale })
map-class-range = { $low } to { $high }
map-class-above = more than { $low }
map-class-below = fewer than { $high }
map-shops = Shop
map-vacant = Empty unit
map-lots = Car park
map-stops = Bus or tram stop
map-rail-stops = Station
map-friction = Friction point
map-friction-line = Line concerned
map-isochrone = Within { $minutes } minutes on foot of the core
map-core = Core of the town
map-water = Water
map-green = Green space
map-railway = Railway
map-waterway = River or canal
map-motorway = Motorway or main road
map-district = District outline
map-north = North
map-copyright = © OpenStreetMap contributors
map-empty = Nothing to draw.

points-title = Friction points
points-intro = Ranked by time lost in all: the number of people concerned a day times the time that each loses. The number is that of the maps.
points-none = No friction point was found with the data given.
points-summary-caption = Friction points, the most costly first
points-col-rank = No.
points-col-place = Place and cause
points-col-who = People hit
points-col-seconds = Lost by each
points-col-total = Time lost in all
points-evidence = What this rests on
points-evidence-what = Finding
points-evidence-value = Value
points-evidence-source = Source
points-actions = What can be looked into
points-no-actions = No action suggests itself: look at the place.
points-quality = How sure: { $quality } ({ $text }).
points-more = { $count ->
    [one] One more friction point, less costly, is in the file friction_points.geojson.
   *[other] { $count } more friction points, less costly, are in the file friction_points.geojson.
}
points-lost = Time lost: { $total }
points-district = District: { $name }

districts-title = Districts
districts-intro = Friction per dimension, 0 to 100. An empty cell could not be scored.
districts-none = The study has no district.
districts-caption = Friction of districts per dimension
districts-col-name = District
districts-col-residents = Residents
districts-col-shops = Shops
districts-col-walk = Walk to the core
districts-col-friction = Total friction
districts-partly = { $share } covered by the extract
districts-abbreviations = The dimensions

strengths-title = What works well
strengths-none = No indicator reaches its target yet.
strengths-intro = Indicators of the town that reach or approach their target.

survey-title = What open data cannot tell
survey-intro = These parts of the audit need a survey among shopkeepers and customers. They stay empty and count in no score.
survey-empty = to be found out by survey

missing-title = Data not given
missing-intro = These data would make the audit more complete or more certain.
missing-col-input = Data
missing-col-effect = What follows
missing-col-feeds = Dimensions touched
missing-caption = Data not given and what follows

doubt-title = How sure is this?
doubt-sites = { $found } count sites found, of which { $usable } usable and { $linked } linked to a street.
doubt-sites-none = No count site was given.
doubt-factor = The values of the model were multiplied by { $factor } to match the counts.
doubt-spearman = Model and counts rank streets nearly alike when the rank correlation approaches 1: here it is { $value }.
doubt-left-out = A count site that is left out is missed by a factor of { $value } (median; 1 would be exact).
doubt-sites-caption = Count sites
doubt-col-site = Count site
doubt-col-counted = Counted a day
doubt-col-modelled = Model, a day
doubt-col-days = Valid days
doubt-col-health = State
doubt-traffic = Foot traffic
doubt-files = Rows read
doubt-files-caption = What became of the rows of each file
doubt-col-file = File
doubt-col-read = Read
doubt-col-used = Used
doubt-col-repaired = Repaired
doubt-col-dropped = Dropped
doubt-notices = Notices about the data
doubt-notices-caption = Notices by kind; all of them are in notices.csv
doubt-col-notice = Notice
doubt-col-severity = Severity
doubt-col-count = Number
doubt-no-notices = No notice.

sources-title = Data and licences
sources-caption = Files used
sources-col-kind = Data
sources-col-file = File
sources-col-date = Date of the data
sources-col-attribution = To be named
sources-col-checksum = SHA-256 checksum
sources-osm = Base map, streets and shops: © OpenStreetMap contributors, ODbL 1.0.
sources-none = No file is named.

method-title = Method and parameters
method-intro = Version { $method } of the method, version { $schema } of the format. Two towns compare only under the same version of the method.
method-score = Each indicator is brought between 0 and 1 by two fixed thresholds. A dimension is the mean of its indicators. The total is a geometric mean of the ease scores: a very bad dimension is not made up for by the others. A dimension is scored only if at least half of its data are known.
method-caption = Parameters
method-col-name = Parameter
method-col-value = Value

## Parameters

parameter-walk_speed = Walking speed
parameter-link_limit = Longest way from a place to a street
parameter-walk_cutoff = Walk looked at around a place
parameter-search_limit = Longest walk searched
parameter-flow_radius = Radius of the flow model
parameter-flow_decay = Decay of flows with distance
parameter-trips_per_resident = Trips on foot per resident
parameter-passengers_per_departure = Passengers per bus departure
parameter-passengers_per_train = Passengers per train
parameter-boarding_shop_share = Share of passengers who visit shops
parameter-bay_turnover = Turnover of a bay
parameter-assumed_departures = Departures assumed at a stop without timetable
parameter-persons_per_car = Persons per car
parameter-asset_visitors = Visitors assumed at an attraction
parameter-reduced_mobility_share = Share of people with reduced mobility
parameter-fair_detour = Detour that counts as fair
parameter-least_loss = Least loss of time that counts
parameter-loss_cap = Loss of time is capped at
parameter-closing_time = Shops close
parameter-closing_margin = Time to leave a shop
parameter-window_start = Start of the window studied
parameter-window_minutes = Length of the window studied
parameter-timetable_draws = Draws of the times of lines run at a headway
parameter-draws_per_minute = Draws per minute of departure
parameter-seed = Seed of the draws
parameter-journey_limit = Longest journey by public transport
parameter-occupancy_target = Target occupancy of car parks
parameter-parking_stay = Length of a stay in a bay
parameter-bay_spacing = Length of a kerb bay
parameter-search_speed = Speed of the search for a bay
parameter-dead_stretch = Length of a stretch without shops
parameter-frontage = Frontage of a shop
parameter-cluster_shops = Shops of a cluster
parameter-cluster_gap = Gap between shops of a cluster
parameter-quiet_share = Flow of a quiet street, against the core

## Summary on the screen

summary-total = { $name }: friction { $centre } in the centre, { $town } in the whole town (0 good, 100 bad)
summary-facts = { $shops ->
    [one] { $shops } shop
   *[other] { $shops } shops
}, { $districts ->
    [one] { $districts } district
   *[other] { $districts } districts
}, { $length } of walking network
summary-residents = { $count ->
    [one] { $count } resident
   *[other] { $count } residents
}
summary-worst = What costs customers most
summary-more = and { $count } more
summary-missing = Data not given: { $kinds }. The command chaland check tells what each costs.
summary-notices = { $count ->
    [one] { $count } notice about the data
   *[other] { $count } notices about the data
}
summary-results = Results in { $folder }: { $files }

## Periods

date-period = { $from } to { $to }

## Check of the data

check-title = What are the data of this folder worth?
check-subtitle = Check of the data before an audit
check-contents = Contents
check-fact-day = Day studied
check-fact-day-none = none (no timetable)
check-fact-map = Date of the map
check-fact-network = Walking network
check-fact-shops = Shops mapped
check-fact-unknown = unknown

verdict-title = In brief
verdict-indicators = Of the { $total } indicators of an audit of this folder, { $list }.
verdict-count-observed = { $count ->
    [one] { $count } will be observed
   *[other] { $count } will be observed
}
verdict-count-inferred = { $count ->
    [one] { $count } inferred from other data
   *[other] { $count } inferred from other data
}
verdict-count-assumed = { $count ->
    [one] { $count } merely assumed
   *[other] { $count } merely assumed
}
verdict-count-absent = { $count ->
    [one] { $count } will stay empty
   *[other] { $count } will stay empty
}
verdict-silent = The audit will not be able to score these dimensions: { $list }.
verdict-speaks = The audit will have what it takes to score each of the { $count } dimensions.
verdict-mend = What would improve the audit most: { $list }.
verdict-mend-item = { $input } ({ $count ->
    [one] { $count } indicator
   *[other] { $count } indicators
})
verdict-stops = An audit of this folder would stop: { $reason }
verdict-sound = No reservations: nothing out of the ordinary was found in the data.
verdict-concerns = Reservations
verdict-outlook = What each indicator will rest on
verdict-outlook-intro = An observation is measured, or published as it is. An inference is drawn from other data. An assumption is a default value: a dimension with nothing else is not scored.
verdict-outlook-caption = The indicators of an audit, by what they will rest on
verdict-observed = Observed
verdict-inferred = Inferred
verdict-assumed = Assumed
verdict-absent = Not computed
verdict-col-basis = Basis
verdict-col-count = Number
verdict-col-indicators = Indicators
verdict-mends = What should be added to the folder
verdict-mends-caption = Data to add or complete, and the indicators that would gain
verdict-col-input = Data
verdict-col-gain = Indicators improved
verdict-mends-none = Nothing: the folder holds what it takes to observe or infer every indicator.

concern-shops_sparse = { $value ->
    [0] The map holds no shop: an audit will say nothing about shops.
    [one] The map holds only { $value } shop: what concerns shops will only be assumed.
   *[other] The map holds only { $value } shops, too few for a town of this size: what concerns them will only be assumed.
}
concern-feed_without_days = { $subject }: no trip runs on any day.
concern-feed_misses_day = { $subject }: no trip on the day studied.
concern-feed_expired = { $subject }: the timetable ends { $value ->
    [one] { $value } day
   *[other] { $value } days
} before the date of the map.
concern-feed_gap = { $subject }: { $value } days without any trip, in { $of ->
    [one] { $of } gap
   *[other] { $of } gaps
} of four days or more.
concern-rail_only = The timetables hold hardly anything but trains: how well buses serve people stays unknown.
concern-counters_not_usable = { $value ->
    [one] { $value } of { $of } count sites is suspect or dead and will not serve to calibrate.
   *[other] { $value } of { $of } count sites are suspect or dead and will not serve to calibrate.
}
concern-counters_unplaced = { $value ->
    [one] { $value } of { $of } count sites is placed on no street.
   *[other] { $value } of { $of } count sites are placed on no street.
}
concern-network_in_pieces = { $value } of the walking network is not joined to the rest: places may seem out of reach.
concern-crossings_untold = For { $value } of the crossings the map does not say whether there are signals or a zebra: the wait there is assumed.
concern-sidewalks_untold = For { $value } of the carriageways the map says nothing about sidewalks.
concern-wheelchair_untold = For { $value } of the network the map does not say whether a wheelchair gets through.
concern-capacity_untold = { $value ->
    [one] { $value } of { $of } car parks or kerb stretches has no number of bays
   *[other] { $value } of { $of } car parks or kerb stretches have no number of bays
}: it is estimated from area or length.
concern-elevation_partial = The heights cover only { $value } of the network: the rest counts as flat.
concern-rows_dropped = { $subject }: { $value ->
    [one] { $value } of { $of } rows was not used.
   *[other] { $value } of { $of } rows were not used.
}

check-files-title = Files
check-files-caption = What each file is to the study
check-col-file = File
check-col-use = Used as
check-col-rows = Rows read
check-col-dropped = Dropped
check-file-not_used = not used
check-file-not_recognised = not recognised
check-file-unreadable = unreadable
check-english = The detail in brackets is given as the program writes it.
check-missing-caption = Data that no file brings
check-missing-title = Missing data

check-streets-title = Streets
check-streets-intro = The walking network holds { $length } of streets and paths, each counted once. Its largest connected component holds { $share }.
check-islands-none = All of the network hangs together.
check-islands = { $count ->
    [one] { $count } other component is not joined on foot to the main one.
   *[other] { $count } other components are not joined on foot to the main one.
}
check-islands-caption = The longest components apart
check-col-street = Street
check-col-length = Length
check-col-place = Latitude, longitude
check-unnamed = unnamed
check-classes-caption = Length of the walking network by class of street
check-col-class = Class of street
check-class-others = others
check-told-title = What the map says of the streets
check-crossings = Crossings ({ $count })
check-crossings-none = No crossing at which people wait is known.
check-crossing-signals = signals
check-crossing-marked = zebra
check-crossing-unmarked = unmarked
check-crossing-forbidden = forbidden
check-crossing-unknown = not told, assumed
check-sidewalks = Sidewalks, along { $length } of carriageways
check-sidewalks-none = No carriageway with sidewalks in the extract.
check-sidewalks-mapped = { $length } of sidewalks are mapped as ways of their own.
check-sidewalk-on_street = told on the street
check-sidewalk-separate = mapped apart
check-sidewalk-none = told to be absent
check-sidewalk-untold = not told
check-wheelchair = Passable in a wheelchair
check-wheelchair-ok = yes
check-wheelchair-limited = limited
check-wheelchair-no = no
check-wheelchair-unknown = not told
check-other-modes = The networks by bicycle and by car are checked with chaland network.

check-timetables-title = Timetables
check-timetables-none = No public transport timetable in this folder.
check-feed-span = From { $from } to { $to }
check-feed-cut = and beyond (only 800 days are looked at)
check-feed-never = No trip runs on any day.
check-feed-counts = { $trips } trips, { $routes } lines, { $served } of { $stops } stops served, { $days } days with service
check-feed-day = { $trips ->
    [0] No trip on the day studied ({ $date }).
    [one] { $trips } trip on the day studied ({ $date }).
   *[other] { $trips } trips on the day studied ({ $date }).
}
check-feed-expired = Expired: the last trip runs { $days ->
    [one] { $days } day
   *[other] { $days } days
} before the date of the map.
check-feed-gaps-none = No gap of four days or more.
check-feed-gap = No trip at all from { $from } to { $to } ({ $days } days)
check-feed-gaps-more = and { $count } other gaps
check-feed-weekdays = Trips by day of the week, on average
check-feed-weeks = Trips week by week; the busiest has { $most }
check-feed-week = Week of { $monday }: { $trips } trips
check-weekday-1 = Mo
check-weekday-2 = Tu
check-weekday-3 = We
check-weekday-4 = Th
check-weekday-5 = Fr
check-weekday-6 = Sa
check-weekday-7 = Su

check-counters-title = Pedestrian counters
check-counters-none = No pedestrian counts in this folder.
check-counters-intro = { $usable } of { $all } count sites are usable. A stuck counter repeats one value, or stays at zero at hours when people pass.
check-counters-caption = Health of each count site; the strip shows for each month the share of hours counted
check-counters-strip = { $month }: { $counted } counted, of which { $suspect } stuck
check-counters-key-counted = counted
check-counters-key-suspect = counted, but stuck
check-col-counter = Count site
check-col-period = Period and share counted
check-col-faults = Gaps and stuck values
check-col-state = Health
check-counter-on = { $street }, { $away } away
check-counter-street-unnamed = unnamed street
check-counter-far = position known, no street within 100 m
check-counter-nowhere = position unknown
check-counter-hours = { $counted } of { $expected } hours ({ $share })
check-counter-days = { $counted } of { $expected } days ({ $share })
check-counter-short = { $counted ->
    [one] { $counted } count by hand
   *[other] { $counted } counts by hand
}
check-counter-nothing = no count
check-counter-valid = { $days ->
    [one] { $days } whole day
   *[other] { $days } whole days
}
check-counter-gap = { $gaps ->
    [one] { $gaps } gap
   *[other] { $gaps } gaps
}, the longest of { $length } from { $date }
check-counter-zero = at zero for { $length } from { $date }
check-counter-flat = stuck at { $count } for { $length } from { $date }
check-counter-suspect = { $share } of values stuck
check-counter-clean = no gap or stuck value to speak of
check-counter-aadp = { $aadp } a day
check-steps-hour = { $steps } h
check-steps-day = { $steps } d

check-parking-title = Parking
check-parking-none = No car park is known.
check-parking-intro = { $told } of { $lots } car parks or kerb stretches have their number of bays told: { $bays } bays told, { $estimated } estimated from area or length.
check-parking-more = Disabled bays are known for { $disabled } of them, occupancy for { $occupancy }.
check-parking-cut_off = { $count ->
    [one] { $count } is cut off from any street on foot.
   *[other] { $count } are cut off from any street on foot.
}
check-parking-caption = Car parks by make
check-col-kind = Make
check-col-lots = Number
check-col-told = Capacity told
check-col-bays = Bays
check-lot-surface = open-air car park
check-lot-multi_storey = multi-storey car park
check-lot-underground = underground car park
check-lot-street = kerb parking

check-people-title = Residents, shops and heights
check-people-cells = Population: { $people } people in { $cells } cells or points.
check-people-codes = Population: { $people } people in { $codes } sectors or districts.
check-people-counted = { $residents } residents in the area studied, spread over { $dwellings } residential buildings of the map.
check-people-assumed = No population: residents will be assumed from { $dwellings } residential buildings of the map.
check-people-counted-streets = { $residents } residents in the area studied, spread along the streets: the map has too few residential buildings.
check-people-assumed-streets = No population, and too few residential buildings on the map: residents will be assumed from the length of streets.
check-people-districts = { $districts ->
    [one] { $districts } district
   *[other] { $districts } districts
}, of which { $known } with a population of their own.
check-people-shops = { $shops } shops and { $vacant } empty units on the map.
check-elevation-covered = Heights: { $share } of the walking network is covered, in cells of { $cell }.
check-elevation-covered-plain = Heights: { $share } of the walking network is covered.
check-elevation-none = No heights: all streets will count as flat.

check-notices-title = Remarks about the data
check-notices-caption = Remarks by kind, the gravest first; all are in notices.csv
check-notices-none = No remark.
check-notice-row = row { $row }
check-notice-feature = feature { $feature }
check-notice-field = field { $field }
check-notice-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}

class-motorway = motorway
class-motorway_link = motorway link
class-trunk = trunk road
class-trunk_link = trunk link
class-primary = primary road
class-primary_link = primary link
class-secondary = secondary road
class-secondary_link = secondary link
class-tertiary = tertiary road
class-tertiary_link = tertiary link
class-unclassified = minor road
class-residential = residential street
class-living_street = living street
class-service = service road, drive
class-pedestrian = pedestrian street or square
class-track = farm or forest track
class-road = road of unknown class
class-bus_guideway = bus guideway
class-busway = busway
class-raceway = raceway
class-footway = sidewalk or footpath
class-bridleway = bridleway
class-steps = steps
class-path = path
class-cycleway = cycle track
class-corridor = corridor
class-elevator = lift
class-escalator = escalator
class-platform = platform
class-ferry = ferry
class-via_ferrata = via ferrata
class-construction = road under construction
class-other = other way

check-day = day studied { $day }
check-written = Page and detail in { $folder }: { $files }

# Page of catchments
catchment-title = Who goes to which centre?
catchment-subtitle = Catchments
catchment-straight-line = A first look: no network was given. Times are straight lines and know neither streets, nor rivers, nor timetables.
catchment-brief-title = In brief
catchment-maps-title = Maps
catchment-centres-title = Centres
catchment-towns-title = What each town keeps and loses
catchment-method-title = Method
catchment-fact-zones = Zones
catchment-fact-customers = Customers
catchment-fact-centres = Centres
catchment-fact-times = Travel times
catchment-times-straight = straight lines
catchment-times-adult = on foot
catchment-times-step-free = on foot, without steps
catchment-times-wheelchair-strict = in a wheelchair (certain)
catchment-times-wheelchair-optimistic = in a wheelchair (possible)
catchment-times-bicycle = by bicycle
catchment-times-calm-bicycle = by bicycle on calm streets
catchment-times-car = by car
catchment-brief-first = { $name } draws { $customers } customers, { $share } of all; { $away } of them come from another town.
catchment-brief-most = { $name } draws { $customers } customers, { $share } of all.
catchment-brief-losing = { $count ->
    [0] None of the { $all } towns loses more than half of its customers to others.
    [one] One of { $all } towns loses more than half of its customers to others.
   *[other] { $count } of { $all } towns lose more than half of their customers to others.
}
catchment-brief-leak = The largest leak runs from { $from } to { $to }: { $customers } customers, { $share } of those who live in { $from }.
catchment-brief-elsewhere = { $share } of the customers go to none of these centres.
catchment-map-firsts = The first centre of each zone
catchment-map-firsts-alt = Each zone has the colour of the centre that draws most of its customers; paler where that is less than half of them.
catchment-map-kept = Share of customers that each town keeps
catchment-map-kept-alt = From red, where nearly all customers leave, to green, where nearly all stay.
catchment-legend-others = other centres
catchment-legend-weak = pale colour: less than half of the customers
catchment-legend-kept = { $low } to { $high }
catchment-centres-caption = From most customers to fewest. Primary, secondary and tertiary areas are added up.
catchment-centres-more = { $count } more centres stand in the CSV tables.
catchment-col-centre = Centre
catchment-col-attraction = Attraction
catchment-col-customers = Customers
catchment-col-share = Share of all
catchment-col-own = Live in its town
catchment-col-primary = Primary area
catchment-col-secondary = + secondary
catchment-col-tertiary = + tertiary
catchment-col-zones = Zones it has more than half of
catchment-towns-intro = A customer who is kept lives in the town and goes to one of its centres. The balance sets those who come from elsewhere against those who leave.
catchment-towns-caption = From most customers living there to fewest
catchment-col-town = Town
catchment-col-lives = Customers living there
catchment-col-kept = Kept
catchment-col-lost = Leave mostly for
catchment-col-drawn = Come from elsewhere
catchment-col-balance = Balance
catchment-lost-to = { $name } ({ $share })
catchment-method-rule = Huff’s model: the share of a centre is its attraction to the power { $power } times f(t) = { $decay } (t in minutes), over the sum of all centres reached.
catchment-method-table = Times come from the file { $file }.
catchment-method-straight = Times are straight lines, { $detour } times as long, at { $speed } km/h; no street was asked.
catchment-method-streets = Times are those { $mode } over the streets of the study; a zone stands by its centre of area, or by the street nearest to it.
catchment-method-own = Within a zone people live all about: their way to a centre there counts two thirds of the radius of a circle as large at least.
catchment-method-cutoff = Ways of more than { $minutes } are left out.
catchment-method-outside = Some customers go to none of these centres (other towns, online).
catchment-method-conditional = Shares are conditional: all customers go to one of the centres given, since nothing else was allowed for.
catchment-method-areas = Areas: zones are ranked by the customers they send; those that make up { $first } of a centre’s customers are its primary area, up to { $second } the secondary, up to { $third } the tertiary. The zone that crosses a limit is counted below it.
catchment-method-kept = These numbers are what a model expects, not visits that were counted.
catchment-fit-title = Fitted parameters
catchment-parameter-minutes = minutes (in f)
catchment-col-parameter = Parameter
catchment-col-estimate = Estimate
catchment-col-error = Standard error
catchment-fit-worth = For zones that the fit has not seen ({ $zones } zones, a tenth at a time): R² { $r2 }, { $missed } of visits misplaced; by the rule as given: R² { $givenr2 }, { $givenmissed }.
catchment-fit-unchecked = This fit could not be checked on zones that it has not seen.
catchment-references = Huff 1963 · Applebaum 1966 · McFadden 1974 · Nakanishi and Cooper 1974

compare-title = Friction compared between towns
compare-subtitle = Towns side by side
compare-part-towns = whole towns
compare-part-centres = town centres
compare-fact-towns = Towns
compare-fact-part = Compared on
compare-fact-common = Dimensions in common
compare-fact-scoring = Goalposts and weights
compare-common-of = { $count } of 11
compare-between = { $low } to { $high }
compare-not-scored = not scored
compare-not-common = scored here, but not in all towns: does not count for the rank
compare-no-ranks = Too few dimensions are known in all towns: no ranks are given.
compare-brief-ends = { $first } puts the least in customers’ way ({ $first_score } out of 100), { $last } the most ({ $last_score } out of 100).
compare-brief-sure = Nine times out of ten the order stays, whatever the weights, the rules and the errors of the data.
compare-brief-near = { $count ->
    [one] For one pair of neighbours in the ranking, the rank depends on weights, rules or errors of the data: their order is not sure.
   *[other] For { $count } pairs of neighbours in the ranking, the rank depends on weights, rules or errors of the data: their order is not sure.
}
compare-brief-widest = The gap is widest for “{ $dimension }”: { $points } points.
compare-ranks-title = Ranks
compare-ranks-intro = Rank 1 goes to the town with the least friction, on the dimensions that are known in all towns. The range of a score is where nine of ten draws fall when indicators vary within their errors; that of a rank, when weights and rules change too.
compare-ranks-caption = From the least friction to the most
compare-col-rank = Rank
compare-col-town = Town
compare-col-residents = Residents
compare-col-shops = Shops
compare-col-friction = Friction, and its range
compare-col-own = On all its dimensions
compare-col-at-most = At most
compare-col-coverage = Data known
compare-dimensions-title = Dimension by dimension
compare-dimensions-intro = Each score depends on its own town alone: another town changes no score. An empty cell could not be scored.
compare-method-own = Goalposts are fixed and the same for all towns. “At most” is the total friction if all that is not known were at its worst: a town gains nothing by keeping data to itself.
compare-method-common = Ranks count only the dimensions that are scored in all towns; else a town would rank better for data that are missing.
compare-method-draws = { $draws } draws repeat the calculation with other weights, other rules of normalisation and aggregation, one indicator less, and values drawn within their errors. A town moves by { $shift } places in the mean.
compare-method-causes = What explains these moves: { $causes }.
compare-cause-normalisation = normalisation
compare-cause-aggregation = aggregation
compare-cause-indicator-left-out = the indicator left out
compare-cause-weights-errors-and-joint = weights, errors and their joint effects
compare-method-version = Version of the method: { $version }. OECD/JRC 2008, Handbook on constructing composite indicators, step 7.
score-between = { $low } to { $high }
score-doubt-note = In small print: the range where nine of ten draws fall, when indicators vary within their errors. When weights change too and an indicator is left out, total friction goes from { $centrelow } to { $centrehigh } for the town centre and from { $low } to { $high } for the town. If all that is not known were at its worst, it would be { $centre } for the town centre and { $town } for the town.
districts-col-rank = Rank
districts-rank-note = Rank 1 goes to the district with the least friction; in brackets, where it stands nine times out of ten when weights, rules and values change ({ $draws } draws). A district moves by { $shift } places in the mean.
points-doubt = between { $low } and { $high }
