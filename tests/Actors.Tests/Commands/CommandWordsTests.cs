using Involute.Commands;
using Xunit;

namespace Involute.Actors.Tests.Commands;

public sealed class CommandWordsTests
{
    private static readonly CommandDefinition Set = new(
        "set", "sets", new ArgumentDefinition("KEY", "") { IsRequired = true }, new ArgumentDefinition("VALUE", ""),
        new ArgumentDefinition("N", "") { Switch = "-n" }, new ArgumentDefinition("ALL", "") { Switch = "-a", IsFlag = true });

    private static readonly Palette[] Palettes =
        [new("learner", "", Set, new CommandDefinition("show", "")), new("version", "", new CommandDefinition("", ""))];

    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("  a\t b  ", "a|b")]
    [InlineData("a 'b c' \"d e\"f", "a|b c|d ef")]
    [InlineData("''", "")]
    [InlineData("a 'open end", "a|open end")]
    public void A_line_is_cut_into_words(string line, string words) =>
        Assert.Equal(words, string.Join('|', CommandWords.Split(line)));

    [Fact]
    public void An_empty_line_has_no_words() => Assert.Empty(CommandWords.Split("  "));

    [Theory]
    [InlineData("learner set k v -n 3 -a", "KEY=k VALUE=v N=3 ALL=")]
    [InlineData("learner set -a k -5", "ALL= KEY=k VALUE=-5")]
    [InlineData("version", "")]
    public void Words_are_arguments_by_place_or_switch(string line, string expected)
    {
        var words = CommandWords.Split(line);
        var (palette, command, used) = CommandWords.Find(Palettes, words);
        var values = CommandWords.Arguments(palette, command, words.Skip(used));
        Assert.Equal(expected, string.Join(' ', values.Select(one => $"{one.Key}={one.Value}")));
    }

    [Theory]
    [InlineData("", "no command given; allowed: learner, version")]
    [InlineData("nosuch", "unknown palette 'nosuch'; allowed: learner, version")]
    [InlineData("learner", "'learner' needs a command; allowed: set, show")]
    [InlineData("learner no\u001bsuch", "unknown command 'learner no?such'; allowed: set, show")]
    [InlineData("learner set", "KEY is missing; allowed: learner set KEY [VALUE] [-n N] [-a]")]
    [InlineData("learner set k v w", "'w' is not an argument; allowed: learner set KEY [VALUE] [-n N] [-a]")]
    [InlineData("learner set k -n", "-n needs a value; allowed: learner set KEY [VALUE] [-n N] [-a]")]
    [InlineData("learner set k -a -a", "-a stands there twice; allowed: learner set KEY [VALUE] [-n N] [-a]")]
    public void What_is_wrong_is_one_line_with_what_is_allowed(string line, string expected)
    {
        var words = CommandWords.Split(line);
        var refused = Assert.Throws<CommandRefusedException>(() =>
        {
            var (palette, command, used) = CommandWords.Find(Palettes, words);
            CommandWords.Arguments(palette, command, words.Skip(used));
        });
        Assert.Equal(expected, refused.Message);
    }
}
