#include "derivation/files.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "program/manifest.hpp"
#include "program/options.hpp"
#include "support/folder.hpp"
#include "support/text.hpp"

using namespace derivation;
using namespace program;

namespace {

std::string complaint(const std::string& path, const std::string& content) {
  try {
    write_file(path, content);
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}

std::string refusal(const std::vector<std::string>& arguments) {
  try {
    parse_options(arguments);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a file is written whole and over what stood there") {
  const Folder folder;
  const std::string path = folder / "a.txt", content("line\n\0\xFF line\r\n", 14);
  write_file(path, content);
  CHECK(read_file(path) == content);
  write_file(path, "b");
  CHECK(read_file(path) == "b");
  write_file(path, "");
  CHECK(read_file(path).empty());
  CHECK(folder.count() == 1);
}

TEST_CASE("a file that cannot be written is named with the reason and leaves nothing behind") {
  const Folder folder;
  const std::string file = folder.file("file", "old");
  CHECK(complaint(folder / "new", "x").empty());
  CHECK(complaint(folder / "none/a", "x").find((folder / "none/a") + ": cannot be written (No such file") ==
        0);
  CHECK(contains(complaint(file + "/below", "x"), "file/below: cannot be written (Not a directory)"));
  std::filesystem::create_directory(folder / "taken");
  CHECK(contains(complaint(folder / "taken", "x"), "taken: cannot be written (Is a directory)"));
  std::filesystem::create_symlink("/dev/full",
                                  folder / "full");  // never the device itself: who knows what we do to it
  CHECK(contains(complaint(folder / "full", "x"), "full: cannot be written (No space left on device)"));
  CHECK(read_file(file) == "old");
  CHECK(folder.count() == 4);  // file, new, taken, full
}

TEST_CASE("a device is written to and stays a device") {
  const Folder folder;
  std::filesystem::create_symlink("/dev/null", folder / "null");
  write_file(folder / "null", "x");
  CHECK(std::filesystem::is_character_file(folder / "null"));
  CHECK(folder.count() == 1);
}

TEST_CASE("a link is followed and stays a link") {
  namespace fs = std::filesystem;
  const Folder folder;
  fs::create_directory(folder / "far");
  folder.file("far/old", "old");
  fs::create_symlink("far/old", folder / "link");
  fs::create_symlink("link", folder / "link-to-link");
  write_file(folder / "link-to-link", "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(fs::is_symlink(folder / "link-to-link"));
  CHECK(read_file(folder / "far/old") == "new");
  fs::create_symlink("far/none", folder / "dangling");
  write_file(folder / "dangling", "made");
  CHECK(fs::is_symlink(folder / "dangling"));
  CHECK(read_file(folder / "far/none") == "made");
  fs::create_symlink("round", folder / "round");
  CHECK(contains(complaint(folder / "round", "x"), "round: cannot be written (Too many"));
  CHECK(folder.count() == 5);
}

TEST_CASE("what is written over keeps its mode and its other names") {
  namespace fs = std::filesystem;
  const Folder folder;
  const auto mode = [&](const std::string& name) { return fs::status(folder / name).permissions(); };
  folder.file("secret", "old");
  fs::permissions(folder / "secret", fs::perms::owner_read | fs::perms::owner_write);
  write_file(folder / "secret", "new");
  CHECK(mode("secret") == (fs::perms::owner_read | fs::perms::owner_write));
  folder.file("one", "a longer text");
  fs::create_hard_link(folder / "one", folder / "two");
  write_file(folder / "one", "short");
  CHECK(read_file(folder / "two") == "short");
  CHECK(fs::hard_link_count(folder / "one") == 2);
  write_file(folder / "two", "a text that is longer than what stood there before");
  CHECK(read_file(folder / "one") == read_file(folder / "two"));
  CHECK(folder.count() == 3);
}

TEST_CASE("a new file does not take the place of one that is there") {
  const Folder folder;
  write_new_file(folder / "new", "first");
  CHECK_THROWS_AS(write_new_file(folder / "new", "second"), FileError);
  CHECK(read_file(folder / "new") == "first");
  std::filesystem::create_symlink("new", folder / "link");
  CHECK_THROWS_AS(write_new_file(folder / "link", "second"), FileError);
  CHECK(read_file(folder / "new") == "first");
  write_new_file("/dev/null", "x");
  CHECK(folder.count() == 2);
}

TEST_CASE("a file is read whole or as far as wanted") {
  const Folder folder;
  const std::string file = folder.file("file", std::string(200000, 'x'));
  CHECK(read_file(file).size() == 200000);
  const std::size_t beginning = read_file(file, 100).size();
  CHECK(beginning > 100);
  CHECK(beginning < 200000);
  CHECK(read_file("/dev/zero", 100).size() > 100);
  CHECK_THROWS_AS(read_file(folder / "none"), FileError);
  CHECK_THROWS_AS(read_file(folder / ""), FileError);
}

TEST_CASE("without options a derivation is printed as text with 20 digits") {
  const Options options = parse_options({});
  CHECK(options.format == "text");
  CHECK(options.digits == 20);
  CHECK(!options.arithmetic);
  CHECK(!options.help);
  CHECK(options.output.empty());
  CHECK(options.manifest.empty());
  CHECK(options.files.empty());
}

TEST_CASE("options and files stand in any order") {
  const Options options = parse_options({"a.md", "--digits", "7", "--arithmetic", "-", "--format", "json",
                                         "--output", "--odd", "--manifest", "m", "b.md", "-h"});
  CHECK(options.digits == 7);
  CHECK(options.arithmetic);
  CHECK(options.format == "json");
  CHECK(options.output == "--odd");
  CHECK(options.manifest == "m");
  CHECK(options.help);
  CHECK(options.files == std::vector<std::string>{"a.md", "-", "b.md"});
}

TEST_CASE("an option that cannot be understood is refused with what to do") {
  CHECK(refusal({"--digits", "1"}).empty());
  CHECK(refusal({"--digits", "1000"}).empty());
  for (const std::string digits : {"0", "1001", "-3", "3.5", "x", "", " 3", "3 ", "0x3"})
    CHECK(refusal({"--digits", digits}) == "--digits " + digits + ": give a whole number from 1 to 1000");
  CHECK(refusal({"--format", "pdf"}) == "--format pdf: choose text, markdown or json");
  for (const std::string option : {"--digits", "--format", "--output", "--manifest"})
    CHECK(refusal({option}) == option + " needs a value; see --help");
  CHECK(refusal({"--verbose"}) == "unknown option --verbose; see --help");
  CHECK(refusal({"-x"}) == "unknown option -x; see --help");
}

TEST_CASE("every option is explained") {
  for (const std::string option :
       {"--format", "--digits", "--arithmetic", "--output", "--manifest", "--help"})
    CHECK(contains(options_help(), "  " + option + " "));
}

TEST_CASE("a manifest says what ran and with what result") {
  const auto json = nlohmann::json::parse(
      manifest("01-test", {{}, {{"d_model", 64}, {"file", "a.md"}}, {{"gap", 0.5}, {"right", 3}}}));
  CHECK(json["experiment"] == "01-test");
  CHECK(json["config"] == nlohmann::json{{"d_model", 64}, {"file", "a.md"}});
  CHECK(json["results_summary"] == nlohmann::json{{"gap", 0.5}, {"right", 3.0}});
  CHECK(json["seed"].is_null());
  CHECK(nlohmann::json::parse(manifest("01-test", {42, {}, {}}))["seed"] == 42);
  const std::string date = json["date"];
  CHECK(date.size() == 10);
  CHECK(date.substr(0, 2) == "20");
  CHECK(date[4] == '-');
  for (const std::string library : {"eigen", "boost"}) CHECK(contains(json["versions"][library], "."));
}

TEST_CASE("what a program throws becomes one exit status") {
  CHECK(run_guarded("p", [] { return 0; }) == 0);
  CHECK(run_guarded("p", [] { return 1; }) == 1);
}
