# One function for each command. The flags are arguments, with _ for -.

# What a command writes where out is not given and it writes one file.
written <- c(cluster = "partition.csv", import = "flows.csv", ingest = "pairs.csv", render = "map.geojson",
  replay = "partition.csv", workbench = "workbench.html")

# What the functions do themselves.
ours <- c("log-format", "progress", "help", "help-json", "json")

command <- function(name) {
  force(name)
  function(...) run_command(name, list(...))
}

stpmap_cluster <- command("cluster")
stpmap_compare <- command("compare")
stpmap_demo <- command("demo")
stpmap_ensemble <- command("ensemble")
stpmap_explain <- command("explain")
stpmap_import <- command("import")
stpmap_ingest <- command("ingest")
stpmap_merge <- command("merge")
stpmap_render <- command("render")
stpmap_replay <- command("replay")
stpmap_run <- command("run")
stpmap_score <- command("score")
stpmap_sql <- command("sql")
stpmap_validate <- command("validate")
stpmap_whatif <- command("whatif")
stpmap_workbench <- command("workbench")

# A table of a command's flags: argument, kind, whether it repeats, default, help.
stpmap_arguments <- function(command) {
  flags <- Filter(function(f) !f$name %in% ours, stpmap_flags(command)$flags)
  data.frame(
    argument = gsub("-", "_", vapply(flags, function(f) f$name, "")),
    kind = vapply(flags, function(f) f$kind, ""),
    repeatable = vapply(flags, function(f) f$repeatable, NA),
    default = vapply(flags, function(f) first(first(f$unset, f$default), NA_character_), ""),
    help = vapply(flags, function(f) f$help, ""), stringsAsFactors = FALSE)
}

run_command <- function(command, arguments) {
  all <- stpmap_flags(command)$flags
  described <- Filter(function(f) !f$name %in% ours, all)
  names(described) <- gsub("-", "_", vapply(described, function(f) f$name, ""))
  takes_json <- any(vapply(all, function(f) f$name == "json", NA))
  folder <- tempfile("stpmap-in-")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  line <- command
  names <- character()
  arguments <- Filter(Negate(is.null), arguments)
  for (name in base::names(arguments)) {
    if (is.null(described[[name]])) refuse("stpmap_usage_error", paste0("stpmap ", command, " has no ", name), 2L)
    words <- as_words(name, described[[name]], arguments[[name]], folder, names)
    line <- c(line, words$line)
    names <- words$names
  }
  if (length(arguments) && is.null(base::names(arguments))) refuse("stpmap_usage_error", "arguments have names, as flags do", 2L)
  out <- first(arguments$out, tempfile("stpmap-"))
  if (is.null(arguments$out)) line <- c(line, place(command, described$out, arguments, out))
  standard <- identical(arguments$out, "-")
  if (takes_json && !standard) line <- c(line, "--json")
  said <- call_program(line, names)
  summary <- if (startsWith(trimws(said$text), "{")) jsonlite::fromJSON(said$text) else NULL
  single <- !is.null(arguments$out) && !dir.exists(out) && nzchar(tools::file_ext(out))
  structure(class = "stpmap_result", list(
    folder = if (single) dirname(out) else out, file = if (single) basename(out), summary = summary, text = said$text,
    notes = said$notes))
}

# Where a command writes that was not told: nowhere, if it prints a text.
place <- function(command, out, arguments, folder) {
  dir.create(folder)
  if (command %in% base::names(written) && is.null(arguments$levels)) return(c("--out", file.path(folder, written[[command]])))
  if (!is.null(out) && (identical(out$value, "FOLDER") || !is.null(arguments$levels))) return(c("--out", folder))
  character()
}

# A flag with its value, or values, as words of a command line.
as_words <- function(name, flag, value, folder, names) {
  word <- paste0("--", flag$name)
  if (flag$kind == "switch") {
    if (!is.logical(value) || length(value) != 1 || is.na(value)) refuse("stpmap_usage_error", paste(name, "is TRUE or FALSE"), 2L)
    return(list(line = if (value) word, names = names))
  }
  values <- if (is.data.frame(value)) list(value) else as.list(value)
  if (length(values) > 1 && flag$kind == "list" && !flag$repeatable) values <- list(paste(unlist(values), collapse = ","))
  if (length(values) > 1 && !flag$repeatable) refuse("stpmap_usage_error", paste(name, "takes one value"), 2L)
  line <- character()
  for (v in values) {
    if (is.data.frame(v)) {
      if (!flag$kind %in% c("file", "source", "builtin")) refuse("stpmap_usage_error", paste(name, "takes no data frame"), 2L)
      path <- write_frame(file.path(folder, paste0(flag$name, length(names))), v)
      names[path] <- name
      v <- path
    }
    line <- c(line, word, if (is.numeric(v)) format(v, digits = 15, scientific = FALSE, trim = TRUE) else as.character(v))
  }
  list(line = line, names = names)
}

# Writes a data frame where the program can read it: polygons as GeoJSON, points as
# a table with lon and lat.
write_frame <- function(path, frame) {
  if (inherits(frame, "sf")) {
    if (!is.na(sf::st_crs(frame))) frame <- sf::st_transform(frame, 4326)
    if (!all(sf::st_geometry_type(frame) == "POINT")) {
      path <- paste0(path, ".geojson")
      sf::st_write(frame, path, driver = "GeoJSON", quiet = TRUE, layer_options = "COORDINATE_PRECISION=12")
      return(path)
    }
    at <- sf::st_coordinates(frame)
    frame <- sf::st_drop_geometry(frame)
    frame$lon <- at[, 1]
    frame$lat <- at[, 2]
  }
  path <- paste0(path, ".csv")
  utils::write.csv(frame, path, row.names = FALSE, na = "", fileEncoding = "UTF-8")
  path
}
