# case status where regex; where "sh" runs a command in the case's folder, with
# $root for the project's.
09 3 out swapped here or in the boundaries
09 3 out areas lie about 1\.0° S, 51\.9° E|areas lie about 0\.9° S, 52\.1° E
21 0 out 4 areas of 4 join
21 0 out boundaries: 4 areas
21 0 out wal\.gpkg-wal
21 0 sh stpmap render --boundaries wal.gpkg --by CCG17CD --layers areas -q -o a.geojson && grep -q '"North Vale RENAMED"' a.geojson
21 0 out !another vintage
23 0 out 4 areas of 4 join
23 0 out a_empty
23 0 out boundaries: 4 areas
24 0 out boundaries: 1 area
24 0 out !not a polygon
24 0 sh stpmap render --boundaries msurf.gpkg --by code --layers areas -q -o a.geojson && grep -q '"type":"MultiPolygon"' a.geojson && grep -q '\[-1,52\]' a.geojson
25 * sh cd "$root" && go test -count=1 -run '^TestSQLiteURI' ./render/internal/sqlitefile
26 0 sh python3 -c "import json; [f] = [f for f in json.load(open('areas_out.geojson'))['features'] if f['properties']['code'] == 'E38000001']; assert [-1, 52] in f['geometry']['coordinates'][0][0], f"
26 0 sh python3 -c "import json; [f] = [f for f in json.load(open('areas_out.geojson'))['features'] if f['properties']['code'] == 'E38000004']; assert [-0.9, 52.1] in f['geometry']['coordinates'][0][0] and [-0.8, 52.2] in f['geometry']['coordinates'][0][0], f"
28 0 out 4 areas of 4 join
29 0 out 4 areas of 4 join
30 0 out 4 areas of 4 join
30 0 sh stpmap render --boundaries edited.shp --by CCG17CD --layers areas -q -o a.geojson && python3 -c "import json; [f] = [f for f in json.load(open('a.geojson'))['features'] if f['properties']['code'] == 'E38000001']; assert [-1, 52.1] in f['geometry']['coordinates'][0][0], f; import struct; b = open('edited.shx', 'rb').read(); at = 2 * struct.unpack('>i', b[100:104])[0]; n = struct.unpack('<i', open('edited.shp', 'rb').read()[at+48:at+52])[0]; assert len(f['geometry']['coordinates'][0][0]) == n, (f, n)"
31 0 areas_out.geojson "Zürich"
31 0 areas_out.geojson "Genève"
31 0 areas_out.geojson "Graubünden"
31 0 areas_out.geojson "Bière"
32 0 areas_out.geojson "Žďár"
32 0 areas_out.geojson "Łódź"
32 0 areas_out.geojson "Győr"
32 0 areas_out.geojson "Plzeň"
33 0 areas_out.geojson "Žďár"
33 0 areas_out.geojson "Łódź"
33 0 areas_out.geojson "Győr"
33 0 areas_out.geojson "Plzeň"
35 0 out "area_km2": 301\.9
35 0 out 1 ring runs the wrong way
39 0 out 4 areas of 4 join
39 0 sh stpmap render --boundaries ndec.shp --by ZONE --layers areas -q -o a.geojson && grep -q '"code":"1001"' a.geojson
40 0 out 4 areas of 4 join
40 0 sh stpmap render --boundaries fexp.shp --by ZONE --layers areas -q -o a.geojson && grep -q '"code":"1001"' a.geojson
41 0 out 4 areas of 4 join
41 0 sh stpmap render --boundaries codefloat.geojson --by zone --layers areas -q -o a.geojson && grep -q '"code":"1001"' a.geojson
46 0 out exceededTransferLimit
46 0 out more areas than the 3
56 0 out nothing is left of 1 area.*E38000001
71 0 out ^area,E38000005,Isle,F0
71 0 out E38000002 with E38000005
71 0 out !areas only
73 0 out 4 areas of 4 join
73 0 out NAD83.*within 2 m of WGS 84
75 0 out 4 areas, 2 providers, 5 pairs
75 0 out patients: 2934 published, 2935 to 2942
75 0 out 3 rows without a count left out
77 * out E38000001 and E38000002 for 11\.1 km
77 * out --snap 3
77 * out !F0[12] has areas only
