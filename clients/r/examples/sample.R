# The sample clustered, drawn and scored, and a hospital closed.
#
#     STPMAP=./stpmap Rscript sample.R FOLDER

library(stpmap)

out <- commandArgs(trailingOnly = TRUE)[1]
demo <- stpmap_demo(out = out, quiet = TRUE)
sample <- function(name) file.path(out, "sample", name)

flows <- read.csv(sample("flows.csv"))
areas <- sf::st_read(sample("areas.geojson"), quiet = TRUE)
providers <- sf::st_as_sf(read.csv(sample("providers.csv")), coords = c("lon", "lat"), crs = 4326)
figures <- read.csv(sample("indicators.csv"))

clustered <- stpmap_cluster(flows = flows, boundaries = areas, footprints = 30, contiguous = TRUE)
partition <- clustered[["partition.csv"]]
scored <- stpmap_score(flows = flows, partition = partition, indicators = figures, draws = 500)
drawn <- stpmap_render(partition = partition, boundaries = areas)
closed <- stpmap_whatif(flows = flows, boundaries = areas, providers = providers, partition = partition, close = "SP007", bootstrap = 20)

cat(jsonlite::toJSON(list(
  footprints = clustered$summary$footprints,
  inside_share = clustered$summary$inside_share,
  worst = scored$summary$worst,
  drawn = nrow(drawn[["map.geojson"]]),
  moved = closed$summary$patients_moved
), auto_unbox = TRUE, digits = NA), "\n")
