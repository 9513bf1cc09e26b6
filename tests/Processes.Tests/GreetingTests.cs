using Involute.Tests;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>Children that do not come as far as a first call: one line each.</summary>
[Trait("Speed", "slow")]
public sealed class GreetingTests
{
    [Fact]
    public void A_child_that_ends_at_once_is_told_with_its_exit_code_and_last_line()
    {
        var line = TestChild.Refusal(["exits"]);

        Assert.EndsWith("ended with exit code 7: last words (in its greeting)", line, StringComparison.Ordinal);
        Assert.StartsWith(new Children.ChildCommand(TestChild.Command("exits"), "/").ToString(), line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_that_hangs_before_its_greeting_is_killed()
    {
        using var folder = new ScratchFolder();
        var pid = folder.File("pid");

        var line = TestChild.Refusal(["hangs-in-greeting", "drift", $"pid={pid}"], timeout: 1);

        Assert.EndsWith("gave no answer within 1 s (involute.task.timeout) (in its greeting)", line, StringComparison.Ordinal);
        Assert.False(OtherProcess.Lives(File.ReadAllText(pid)));
    }

    [Fact]
    public void A_child_that_starts_slowly_and_in_time_is_waited_for()
    {
        using var problem = TestChild.Start("starts-slowly", "drift", "ms=500");

        Assert.Equal("drift", problem.Name);
    }

    [Fact]
    public void Text_on_standard_output_is_shown() => Assert.EndsWith(
        "wrote 'hello world' to its standard output, which is for answers only; text goes to standard error (in its greeting)",
        TestChild.Refusal(["prints-first"]),
        StringComparison.Ordinal);

    [Fact]
    public void Another_version_is_refused() => Assert.EndsWith(
        "speaks version 2 of the protocol, and this program version 1 (in its greeting)",
        TestChild.Refusal(["greets-of", "drift", "version=2"]),
        StringComparison.Ordinal);

    [Fact]
    public void Another_kind_is_refused() => Assert.EndsWith(
        "answered the greeting with a frame of kind 2 (in its greeting)",
        TestChild.Refusal(["greets-of", "drift", "kind=2"]),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("hello", "is no JSON (line 1, byte 1) (in its greeting)")]
    [InlineData("{\"name\":\"p\"}", "has no theta; allowed: a list of at least one tensor (in its greeting)")]
    public void A_greeting_of_no_problem_is_refused(string json, string line) =>
        Assert.EndsWith($": its greeting {line}", TestChild.Refusal(["greets", "drift", $"json={json}"]), StringComparison.Ordinal);

    [Fact]
    public void An_error_in_the_place_of_a_greeting_is_told() => Assert.EndsWith(
        "ImportError: no numpy (x.py:1) (in its greeting)",
        TestChild.Refusal(["greets-error", "drift"]),
        StringComparison.Ordinal);

    [Fact]
    public void A_greeting_of_more_than_65536_bytes_lies_in_the_shared_file()
    {
        using var problem = TestChild.Start("serve", "drift:5:40000");

        var theta = new float[problem.Layout.Length];
        problem.InitialTheta(1, theta);
        Assert.Equal(40_000, theta.Length);
        Assert.All(theta, value => Assert.Equal(0.5f, value));
    }

    [Fact]
    public void A_child_that_greets_otherwise_than_the_first_is_refused()
    {
        using var folder = new ScratchFolder();
        string[] arguments = ["changes", "drift:5:3", $"file={folder.File("seen")}", "from=\"stateBytes\":20", "to=\"stateBytes\":24"];
        using var problem = TestChild.Start(arguments);
        using var lanes = new Lanes(problem);
        lanes.Fails();

        Assert.EndsWith("greets with another stateBytes than the first child did (in its greeting)", lanes.Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_problem_says_of_itself_is_compared_between_programs()
    {
        using var problem = TestChild.Start("serve", "drift", "about=numpy 1.24");

        Assert.Equal("numpy 1.24", problem.Arithmetic);
    }
}
