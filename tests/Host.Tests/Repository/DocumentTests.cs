using System.Text.RegularExpressions;
using Xunit;

namespace Involute.Host.Tests.Repository;

public sealed partial class DocumentTests
{
    private static readonly IReadOnlyList<string> Documents = [.. SourceTree.Files(SourceTree.Root, "*.md")];

    [Fact]
    public void Relative_links_lead_to_a_file_and_a_heading()
    {
        var links = 0;
        var broken = new List<string>();
        foreach (var document in Documents)
        {
            foreach (var target in Link().Matches(Prose(document)).Select(match => match.Groups["target"].Value))
            {
                if (Elsewhere().IsMatch(target))
                {
                    continue;
                }

                links++;
                var (path, heading) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, "");
                var file = path.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, path);
                if (!Exists(file) || (heading.Length > 0 && !Headings(file).Contains(heading)))
                {
                    broken.Add($"{SourceTree.Name(document)}: {target}");
                }
            }
        }

        Assert.True(links > 50);
        Assert.Empty(broken);
    }

    // The changelog names files that no longer exist.
    [Fact]
    public void Paths_of_this_repository_exist()
    {
        var paths = 0;
        var missing = new List<string>();
        foreach (var document in Documents.Where(document => Path.GetFileName(document) != "CHANGELOG.md"))
        {
            foreach (var path in OwnPath().Matches(Prose(document)).Select(match => match.Groups["path"].Value))
            {
                paths++;
                if (!Exists(Path.Combine(SourceTree.Root, path)))
                {
                    missing.Add($"{SourceTree.Name(document)}: {path}");
                }
            }
        }

        Assert.True(paths > 30);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_decision_has_a_number_and_a_place_in_the_index()
    {
        var folder = Path.Combine(SourceTree.Root, "docs", "decisions");
        var index = File.ReadAllText(Path.Combine(folder, "README.md"));
        var records = Directory.GetFiles(folder, "*.md")
            .Select(path => Path.GetFileName(path))
            .Where(name => name != "README.md")
            .Order(StringComparer.Ordinal)
            .ToList();

        for (var i = 0; i < records.Count; i++)
        {
            var number = $"{i + 1:0000}";
            Assert.StartsWith($"{number}-", records[i], StringComparison.Ordinal);
            Assert.Contains($"[{number}]({records[i]})", index, StringComparison.Ordinal);
            var text = File.ReadAllText(Path.Combine(folder, records[i]));
            Assert.StartsWith($"# {number} ", text, StringComparison.Ordinal);
        }
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    /// <summary>A document without its listings.</summary>
    private static string Prose(string document) => Listing().Replace(File.ReadAllText(document), "");

    /// <summary>The anchors that the forge makes of headings.</summary>
    private static HashSet<string> Headings(string document) => Heading().Matches(Prose(document))
        .Select(match => match.Groups["text"].Value.Trim().ToLowerInvariant())
        .Select(text => NotInAnchors().Replace(text, "").Replace(' ', '-'))
        .ToHashSet();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(\w+://|mailto:)")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();

    // Users create deploy/data themselves.
    [GeneratedRegex(
        @"`(?<path>(src|tests|docs|scripts|hocon|deploy(?!/data)|samples|benchmarks|\.github|\.ci)/[\w./-]+)[` ]")]
    private static partial Regex OwnPath();
}
