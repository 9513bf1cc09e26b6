using Involute.Actors.Palettes;
using Involute.Commands;
using Involute.Host.Operating;
using Xunit;

namespace Involute.Host.Tests.Operating;

/// <summary>What a terminal shows of a line, of words to choose from, and of help.</summary>
public sealed class LineViewTests
{
    private static readonly Palette[] Palettes =
    [
        new("learner", "the run as a whole", new CommandDefinition(
            "set", "change a setting from the step in flight on; answers when the ledger has it on disk",
            new ArgumentDefinition("KEY", "its name") { IsRequired = true, Values = ["a", "b"] })
        {
            Question = "Set?",
        }),
        new("version", "the node's program", new CommandDefinition("", "program, runtime and process")),
    ];

    [Theory]
    [InlineData("abc", 3, "abc", "abc")]
    [InlineData("abcdefghij", 10, "cdefghij", "cdefghij")]
    [InlineData("abcdefghij", 0, "abcdefgh", "")]
    [InlineData("\u4f60\u597d\u4f60\u597d\u4f60", 5, "\u597d\u4f60\u597d\u4f60", "\u597d\u4f60\u597d\u4f60")]
    public void Of_a_long_line_the_part_with_the_cursor_is_shown(string text, int cursor, string shown, string before) =>
        Assert.Equal((shown, before), new LineView().Of(text, cursor, room: 8));

    [Fact]
    public void The_part_moves_with_the_cursor_and_no_further()
    {
        var view = new LineView();
        Assert.Equal(("cdefghij", "cdefghij"), view.Of("abcdefghij", 10, 8));
        Assert.Equal(("cdefghij", "cde"), view.Of("abcdefghij", 5, 8));
        Assert.Equal(("bcdefghi", ""), view.Of("abcdefghij", 1, 8));
        Assert.Equal(("abc", "abc"), view.Of("abc", 3, 8));
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("\u4f60a", 3)]
    [InlineData("e\u0301", 1)]
    [InlineData("\U0001F600", 2)]
    public void Letters_take_one_column_two_or_none(string text, int columns) => Assert.Equal(columns, LineView.Columns(text));

    [Fact]
    public void Many_words_to_choose_from_stand_in_columns() => Assert.Equal(
        ["alpha    beta", "gamma    epsilon"], ChoiceLines.Of(["alpha", "beta", "gamma", "epsilon"], width: 20));

    [Fact]
    public void Help_is_a_line_for_each_palette_and_fits() => Assert.Equal(
        [
            "learner  the run as a whole: set", "version  the node's program", "",
            "help PALETTE [COMMAND] explains them; Tab completes; exit or Ctrl-D ends.",
            "--json: the answer for a program; --yes: no question.",
        ],
        ConsoleHelp.Of(Palettes, []));

    [Fact]
    public void Help_on_a_command_has_its_arguments() => Assert.Equal(
        [
            "learner set KEY",
            "    change a setting from the step in flight on; answers when the ledger has it\n    on disk (asks first)",
            "    KEY  its name: a, b",
        ],
        ConsoleHelp.Of(Palettes, ["learner", "set"]));

    [Theory]
    [InlineData("lerner", "there is no 'lerner' (did you mean 'learner'?); allowed: learner, version")]
    [InlineData("learner st", "there is no 'learner st' (did you mean 'set'?); allowed: set")]
    public void Help_on_what_is_not_there_says_what_is(string words, string expected) =>
        Assert.Equal([expected], ConsoleHelp.Of(Palettes, words.Split(' ')));

    [Fact]
    public void A_long_text_goes_on_below_its_beginning() => Assert.Equal(
        $"name  {new string('a', 40)}\n      {new string('b', 40)}",
        TerminalLines.Behind("name  ", $"{new string('a', 40)} {new string('b', 40)}"));
}
