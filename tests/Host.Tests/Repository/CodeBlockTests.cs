using System.Text.RegularExpressions;
using Xunit;

namespace Involute.Host.Tests.Repository;

/// <summary>Code in documents is code that is compiled: each block stands, as it is, in a source file.</summary>
public sealed partial class CodeBlockTests
{
    [Theory]
    [InlineData("docs/extending.md", 7)]
    [InlineData("docs/embedding.md", 2)]
    [InlineData("docs/console.md", 1)]
    [InlineData("docs/use-theta-elsewhere.md", 2)]
    public void Every_block_of_code_is_part_of_a_compiled_file(string document, int least)
    {
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, document)))
            .Select(match => match.Groups["code"].Value).ToList();
        string[] sources =
        [
            .. new[] { "src", "samples", "tests" }.SelectMany(
                folder => SourceTree.Files(Path.Combine(SourceTree.Root, folder), "*.cs"))
                .Select(File.ReadAllText),
        ];
        Assert.True(blocks.Count >= least, $"{document} has {blocks.Count} blocks");
        Assert.DoesNotContain(
            blocks, block => !sources.Any(source => source.Contains(block, StringComparison.Ordinal)));
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
