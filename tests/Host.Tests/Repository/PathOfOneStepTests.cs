using System.Text.RegularExpressions;
using Xunit;

namespace Involute.Host.Tests.Repository;

/// <summary>
/// docs/architecture.md lists the files through which one theta and one loss pass; the list must stay short.
/// </summary>
public sealed partial class PathOfOneStepTests
{
    private const int MostFiles = 55;

    [Fact]
    public void One_step_passes_few_files_and_the_document_counts_them()
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "architecture.md"));
        var start = text.IndexOf("## One theta and one loss", StringComparison.Ordinal);
        var section = text[start..text.IndexOf("\n## ", start + 1, StringComparison.Ordinal)];
        var files =
            SourceLink().Matches(section).Select(match => match.Groups["path"].Value).Distinct().Order().ToList();

        Assert.Contains($": {files.Count} files.", section, StringComparison.Ordinal);
        Assert.InRange(files.Count, 40, MostFiles);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(SourceTree.Root, file)), file));
    }

    /// <summary>
    /// A class that passes theta on has a parameter for it, or for a message with it: the list names each such class.
    /// </summary>
    [Fact]
    public void Every_source_file_that_names_a_message_with_theta_or_losses_is_on_the_list()
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "architecture.md"));
        string[] folders = ["Learning", "Nodes", "Pairs"];
        var carriers = folders.SelectMany(
            folder => SourceTree.Files(Path.Combine(SourceTree.Root, "src", "Actors", folder), "*.cs"))
            .Where(file => Carrier().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/'))
            .ToList();

        Assert.True(carriers.Count > 8);
        Assert.All(carriers, file => Assert.Contains($"(../{file})", text, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\(\.\./(?<path>src/[^)]+\.cs)\)")]
    private static partial Regex SourceLink();

    [GeneratedRegex(@"\b(ThetaPublished|WindowAdvanced|WindowsAdvanced|PairContribution|OuterStepResult|OuterState)\b")]
    private static partial Regex Carrier();
}
