# What a command wrote and said: summary (what --json says), text, notes, folder.

# Columns of codes and names, which are text though they look like numbers.
text_columns <- c("a", "area", "area_code", "area_name", "b", "code", "domain", "entity", "footprint", "from", "group", "indicator",
  "kind", "name", "next_footprint", "period", "provider", "provider_code", "provider_name", "system", "to", "top_provider", "unit")

# The names of the files of a result.
stpmap_files <- function(result) {
  result <- unclass(result)
  if (!is.null(result$file)) result$file else sort(list.files(result$folder, recursive = TRUE))
}

# result[["partition.csv"]] reads a file: tables as data frames, GeoJSON and
# GeoPackage as sf, JSON as lists. Other names are the parts of the result.
`[[.stpmap_result` <- function(x, i, ...) {
  plain <- unclass(x)
  if (i %in% names(plain)) return(plain[[i]])
  path <- file.path(plain$folder, i)
  if (!file.exists(path)) stop("no file ", i, ": there are ", paste(stpmap_files(x), collapse = ", "))
  switch(tolower(tools::file_ext(path)),
    csv = read_table(path),
    geojson = , gpkg = sf::st_read(path, quiet = TRUE, stringsAsFactors = FALSE),
    json = jsonlite::fromJSON(path),
    readLines(path, warn = FALSE, encoding = "UTF-8"))
}

print.stpmap_result <- function(x, ...) {
  cat("stpmap result in", x$folder, "\n")
  cat(paste0("  ", stpmap_files(x), "\n"), sep = "")
  invisible(x)
}

# A table as a data frame: codes as text, empty cells as missing.
read_table <- function(path) {
  columns <- names(utils::read.csv(path, nrows = 1, check.names = FALSE, encoding = "UTF-8"))
  classes <- ifelse(columns %in% text_columns, "character", NA)
  utils::read.csv(path, colClasses = classes, na.strings = "", check.names = FALSE, encoding = "UTF-8")
}
