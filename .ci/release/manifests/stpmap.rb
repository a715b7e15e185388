class Stpmap < Formula
  desc "Draws health systems on a map from patient flows"
  homepage "{{home}}"
  version "{{version}}"
  license "MIT"

  on_macos do
    on_arm do
      url "{{address "darwin/arm64"}}"
      sha256 "{{sum "darwin/arm64"}}"
    end
    on_intel do
      url "{{address "darwin/amd64"}}"
      sha256 "{{sum "darwin/amd64"}}"
    end
  end

  on_linux do
    on_arm do
      url "{{address "linux/arm64"}}"
      sha256 "{{sum "linux/arm64"}}"
    end
    on_intel do
      url "{{address "linux/amd64"}}"
      sha256 "{{sum "linux/amd64"}}"
    end
  end

  def install
    bin.install "stpmap"
    bash_completion.install "completions/stpmap.bash" => "stpmap"
    zsh_completion.install "completions/_stpmap"
    fish_completion.install "completions/stpmap.fish"
    man1.install "man/stpmap.1"
  end

  test do
    system bin/"stpmap", "demo", "-o", "out"
    assert_predicate testpath/"out/footprints.csv", :exist?
  end
end
