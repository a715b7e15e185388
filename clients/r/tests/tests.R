# Tests of the client: its results are the command's. Without the program there is
# nothing to test.
#
#     STPMAP=./stpmap Rscript clients/r/tests/tests.R

library(stpmap)

if (!nzchar(Sys.which(Sys.getenv("STPMAP", "stpmap")))) {
  message("the program stpmap is not there: nothing is tested")
  quit(status = 0)
}

folder <- tempfile()
dir.create(folder)
file <- function(name) file.path(folder, name)
same_bytes <- function(a, b) stopifnot(identical(unname(tools::md5sum(a)), unname(tools::md5sum(b))))
command <- function(...) {
  words <- shQuote(c(..., "--quiet"))
  paste(system2(stpmap_program(), words, stdout = TRUE), collapse = "\n")
}
caught <- function(expression) tryCatch(expression, stpmap_error = function(e) e)

demo <- stpmap_demo(out = file("demo"), quiet = TRUE)
sample <- function(name) file.path(folder, "demo", "sample", name)

# Data frames in give the command's bytes.
flows <- read.csv(sample("flows.csv"))
areas <- sf::st_read(sample("areas.geojson"), quiet = TRUE)
got <- stpmap_cluster(flows = flows, boundaries = areas, footprints = 30, contiguous = TRUE)
want <- jsonlite::fromJSON(command("cluster", "--flows", sample("flows.csv"), "--boundaries", sample("areas.geojson"),
  "--footprints", "30", "--contiguous", "--json", "-o", file("want.csv")))
same_bytes(file.path(got$folder, "partition.csv"), file("want.csv"))
stopifnot(identical(got$summary$inside_share, want$inside_share), got$summary$footprints == 30)
stopifnot(nrow(got[["partition.csv"]]) == 340, any(grepl("flows", got$notes)))

# Boundaries in national grid, and points.
table <- read.csv(sample("providers.csv"))
points <- sf::st_as_sf(table, coords = c("lon", "lat"), crs = 4326)
valid <- stpmap_validate(flows = flows, boundaries = sf::st_transform(areas, 27700), providers = points)
stopifnot(valid$summary$areas_without_boundary == 0, valid$summary$providers_without_location == 0)

# A map comes out as sf.
drawn <- stpmap_render(partition = got[["partition.csv"]], boundaries = areas)
map <- drawn[["map.geojson"]]
stopifnot(inherits(map, "sf"), nrow(map) == 30, sf::st_crs(map)$epsg == 4326)

# Text, and the table of arguments.
sql <- stpmap_sql(dialect = "trino", table = "records", area = "lsoa", provider = "procode")
stopifnot(grepl("records", sql$text))
stopifnot("min_population" %in% stpmap_arguments("cluster")$argument)

# Bad input is a condition with its place.
writeLines(c("area,provider,count", "E01,RJ1,120", "E02,RJ1,-3"), file("bad.csv"))
e <- caught(stpmap_cluster(flows = file("bad.csv")))
stopifnot(inherits(e, "stpmap_input_error"), e$file == file("bad.csv"), e$line == 3, e$column == 9, e$status == 3)
e <- caught(stpmap_cluster(flows = data.frame(area = c("E01", "E02"), provider = "RJ1", count = c(120, -3))))
stopifnot(inherits(e, "stpmap_input_error"), e$argument == "flows", e$row == 2, !grepl("stpmap-in-", conditionMessage(e)))

# Arguments that the command has not.
stopifnot(inherits(caught(stpmap_cluster(flows = "x.csv", footprint = 3)), "stpmap_usage_error"))
stopifnot(inherits(caught(stpmap_cluster(flows = "x.csv", contiguous = "yes")), "stpmap_usage_error"))
stopifnot(inherits(caught(stpmap_cluster(footprints = 3)), "stpmap_usage_error"))

# Without the program, the error says where to get it.
kept <- Sys.getenv("STPMAP", NA)
Sys.setenv(STPMAP = "/nonesuch/stpmap")
e <- caught(stpmap_cluster(flows = "x.csv"))
stopifnot(inherits(e, "stpmap_not_installed"), grepl("docs/install.md", conditionMessage(e)))
if (is.na(kept)) Sys.unsetenv("STPMAP") else Sys.setenv(STPMAP = kept)

# The example equals the command.
example <- Sys.getenv("STPMAP_EXAMPLE")
if (nzchar(example)) {
  said <- system2(file.path(R.home("bin"), "Rscript"), shQuote(c(example, file("example"))), stdout = TRUE)
  said <- jsonlite::fromJSON(paste(said, collapse = "\n"))
  scored <- jsonlite::fromJSON(command("score", "--flows", sample("flows.csv"), "--partition", file("want.csv"),
    "--indicators", sample("indicators.csv"), "--draws", "500", "--json", "-o", file("scores")))
  closed <- jsonlite::fromJSON(command("whatif", "--flows", sample("flows.csv"), "--boundaries", sample("areas.geojson"),
    "--providers", sample("providers.csv"), "--partition", file("want.csv"), "--close", "SP007", "--bootstrap", "20", "--json",
    "-o", file("closed")))
  stopifnot(abs(said$inside_share - want$inside_share) < 1e-14, identical(said$worst, scored$worst), abs(said$moved - closed$patients_moved) < 1e-6)
  stopifnot(said$footprints == 30, said$drawn == 30)
}
cat("all tests of the R client passed\n")
