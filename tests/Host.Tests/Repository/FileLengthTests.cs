using Xunit;

namespace Involute.Host.Tests.Repository;

public sealed class FileLengthTests
{
    /// <summary>A file may be this long if it is one thing.</summary>
    private const int MostLines = 350;

    [Fact]
    public void No_file_of_the_product_is_longer_than_one_thing_may_be()
    {
        var files = SourceTree.Files(Path.Combine(SourceTree.Root, "src"), "*.cs").ToList();

        Assert.True(files.Count > 300);
        var longer = files
            .Select(file => $"{SourceTree.Name(file)}: {File.ReadLines(file).Count()}")
            .Where(file => int.Parse(file.Split(": ")[1], System.Globalization.CultureInfo.InvariantCulture) > MostLines)
            .ToList();
        Assert.True(longer.Count == 0, string.Join('\n', longer));
    }
}
