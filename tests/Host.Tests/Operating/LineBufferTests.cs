using Involute.Commands;
using Involute.Host.Operating;
using Xunit;

namespace Involute.Host.Tests.Operating;

public sealed class LineBufferTests
{
    private static readonly Completion Completion = new(
    [
        new Palette(
            "pair", "", new CommandDefinition("list", "", new ArgumentDefinition("N", "") { Switch = "-n" }),
            new CommandDefinition("slowest", "")),
        new Palette("log", "", new CommandDefinition(
            "tail", "", new ArgumentDefinition("L", "") { Switch = "-l", Values = ["debug", "error"] })),
        new Palette(
            "learner", "", new CommandDefinition("status", ""), new CommandDefinition(
                "set", "", new ArgumentDefinition("KEY", "") { Values = ["outer-steps", "clip"] },
                new ArgumentDefinition("VALUE", "") { Values = ["off"] })
            {
                Question = "Set?",
            }),
        new Palette("version", "", new CommandDefinition("", "")),
    ]);

    [Theory]
    [InlineData("", "exit help learner log pair version")]
    [InlineData("l", "learner log")]
    [InlineData("pair ", "list slowest")]
    [InlineData("pair l", "list")]
    [InlineData("pair list ", "--json -n")]
    [InlineData("pair list -n", "-n")]
    [InlineData("pair list -n 3 ", "--json")]
    [InlineData("learner set ", "--json --yes clip outer-steps")]
    [InlineData("learner set --yes ", "--json clip outer-steps")]
    [InlineData("learner set clip ", "--json --yes off")]
    [InlineData("learner set clip off ", "--json --yes")]
    [InlineData("log tail -l ", "debug error")]
    [InlineData("log tail -l e", "error")]
    [InlineData("help pa", "pair")]
    [InlineData("help pair s", "slowest")]
    [InlineData("help pair list ", "")]
    [InlineData("nosuch ", "")]
    [InlineData("version --j", "--json")]
    public void Tab_knows_what_may_stand_next(string before, string expected) =>
        Assert.Equal(expected, string.Join(' ', Completion.Of(before)));

    [Theory]
    [InlineData("le\t", "learner ")]
    [InlineData("l\t", "l")]
    [InlineData("pair l\t-n 3", "pair list -n 3")]
    [InlineData("nosuch\t", "nosuch")]
    public void Tab_completes_what_all_words_agree_on(string keys, string expected) => Assert.Equal(expected, Type(keys).Text);

    [Fact]
    public void A_choice_is_shown_where_words_differ() => Assert.Equal(["learner", "log"], Type("l\t").Choices);

    [Fact]
    public void The_cursor_moves_and_text_is_changed_where_it_is()
    {
        var line = Type("pair lst");
        Press(line, ConsoleKey.LeftArrow, ConsoleKey.LeftArrow);
        line.Press(new ConsoleKeyInfo('i', ConsoleKey.I, false, false, false));
        Assert.Equal(("pair list", 7), (line.Text, line.Cursor));
        Press(line, ConsoleKey.Home, ConsoleKey.Delete, ConsoleKey.End, ConsoleKey.Backspace);
        Assert.Equal("air lis", line.Text);
        Control(line, ConsoleKey.W);
        Assert.Equal("air ", line.Text);
        Control(line, ConsoleKey.A);
        Control(line, ConsoleKey.K);
        Assert.Equal(("", 0), (line.Text, line.Cursor));
    }

    [Fact]
    public void Former_lines_come_back_and_so_does_what_was_being_written()
    {
        var line = new LineBuffer(["first", "second"], _ => []);
        line.Press(new ConsoleKeyInfo('x', ConsoleKey.X, false, false, false));
        Press(line, ConsoleKey.UpArrow);
        Assert.Equal("second", line.Text);
        Press(line, ConsoleKey.UpArrow, ConsoleKey.UpArrow);
        Assert.Equal("first", line.Text);
        Press(line, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow);
        Assert.Equal("x", line.Text);
    }

    private static LineBuffer Type(string keys)
    {
        var line = new LineBuffer([], Completion.Of);
        foreach (var key in keys)
        {
            line.Press(new ConsoleKeyInfo(key, key == '\t' ? ConsoleKey.Tab : ConsoleKey.NoName, false, false, false));
        }

        return line;
    }

    private static void Press(LineBuffer line, params ConsoleKey[] keys) => Array.ForEach(
        keys, key => line.Press(new ConsoleKeyInfo('\0', key, false, false, false)));

    private static void Control(LineBuffer line, ConsoleKey key) =>
        line.Press(new ConsoleKeyInfo('\0', key, false, false, control: true));
}
