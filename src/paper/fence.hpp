#pragma once
#include <string>
#include <vector>

namespace paper {

/// A fenced code block: its first word ("paper"), its lines, and the line of the file where they begin.
struct Fence {
  std::string language;
  int opened_at = 0;  ///< the line of the opening fence, counted from 1
  int indent = 0;     ///< columns taken off every line
  std::vector<std::string> lines;
};

/// The fenced code blocks of a Markdown file, as CommonMark 0.30 section 4.5 defines them: at least three
/// backticks or tildes, closed by as many of the same or by the end of the file, indented by at most three
/// blanks. Fences inside HTML comments (a line that begins with <!--, and what follows up to a line with -->)
/// are no fences. Other HTML, lists and quotes are not looked at. A byte order mark is no text.
std::vector<Fence> fenced_blocks(const std::string& markdown);

}  // namespace paper
