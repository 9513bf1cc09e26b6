using Involute.Processes.Children;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>How a command is shown in a message.</summary>
public sealed class ChildCommandTests
{
    [Fact]
    public void Short_words_are_as_they_were_written_and_words_with_spaces_in_quotes() =>
        Assert.Equal("python -m problem 'a b' ''", Shown("python", "-m", "problem", "a b", ""));

    [Fact]
    public void A_long_path_loses_its_beginning_so_that_its_name_is_seen()
    {
        var path = $"/{string.Join('/', Enumerable.Repeat("folder", 30))}/pendulum.py";
        var shown = Shown("python", path);
        Assert.EndsWith("/folder/pendulum.py", shown, StringComparison.Ordinal);
        Assert.StartsWith("python …", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 20, 70);
    }

    [Fact]
    public void A_long_command_loses_its_end()
    {
        var shown = Shown("python", "-c", new string('x', 1000));
        Assert.StartsWith("python -c xxx", shown, StringComparison.Ordinal);
        Assert.EndsWith("x…", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 100, 200);
    }

    private static string Shown(params string[] words) => new ChildCommand(words, Path.GetTempPath()).ToString();
}
