#!/usr/bin/python3
"""Reference values from PROJ (pyproj): grid.csv is British National Grid to WGS84
by EPSG:1314, n x n positions over Britain; polygons.csv is ellipsoidal area and
perimeter of polygons. Usage: reference.py N > grid.csv; reference.py polygons > polygons.csv"""
import sys
import pyproj

if sys.argv[1] == "polygons":
    geod = pyproj.Geod(ellps="WGS84")
    print("# km2, km, then longitude and latitude of each position; pyproj %s" % pyproj.proj_version_str)
    for lon, lat, size in ((-2, 52, 0.1), (-6, 50, 0.02), (1.5, 52.5, 0.5), (-3, 58, 0.3), (0, 0, 0.2), (100, -35, 0.25)):
        ring = [(lon, lat), (lon + size, lat + size / 8), (lon + size * 0.9, lat + size), (lon + size * 0.4, lat + size * 0.6), (lon - size / 5, lat + size * 0.8)]
        area, length = geod.polygon_area_perimeter(*zip(*ring))
        print("%.9f,%.9f,%s" % (area / 1e6, length / 1e3, ",".join("%r,%r" % p for p in ring)))
else:
    n = int(sys.argv[1])
    to = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
        " +step +proj=push +v_3 +step +proj=cart +ellps=airy"
        " +step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector"
        " +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg")
    print("# easting, northing, longitude, latitude; PROJ %s" % pyproj.proj_version_str)
    for i in range(n):
        for j in range(n):
            e, north = round(700000 * i / (n - 1), 3), round(1300000 * j / (n - 1), 3)
            print("%r,%r,%.12f,%.12f" % ((e, north) + to.transform(e, north)))
