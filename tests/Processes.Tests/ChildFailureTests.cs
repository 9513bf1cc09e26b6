using Involute.Processes.Children;
using Involute.Processes.Problems;
using Involute.Tasks.Unrolls;
using Involute.Tests;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>What a child can do wrong in a call: one line with the command, what, pair and step; the next call has another child.</summary>
[Trait("Speed", "slow")]
public sealed class ChildFailureTests
{
    private const string Place = "(2 lanes from pair 7, step 4, on)";

    [Fact]
    public void A_child_that_ends_in_a_call_is_replaced()
    {
        using var folder = new ScratchFolder();
        using var problem = TestChild.Start("exits-in-call", "drift", "call=2", $"pid={folder.File("pids")}");
        using var lanes = new Lanes(problem);
        lanes.Run();

        Assert.EndsWith($"ended with exit code 9: the bearing is broken {Place}", lanes.Fails(), StringComparison.Ordinal);
        lanes.Run();
        Assert.Equal(2, File.ReadAllLines(folder.File("pids")).Length);
    }

    [Fact]
    public void A_child_that_is_killed_in_a_call_is_told_with_the_signal()
    {
        using var problem = TestChild.Start("is-killed-in-call", "drift", "call=2");
        using var lanes = new Lanes(problem);
        lanes.Run();

        Assert.EndsWith($"ended with signal 9 {Place}", lanes.Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_was_killed_between_calls_costs_nothing()
    {
        using var folder = new ScratchFolder();
        using var problem = TestChild.Start("serve", "drift", $"pid={folder.File("pids")}");
        var said = new List<ProblemLine>();
        problem.Said += said.Add;
        using var lanes = new Lanes(problem);
        lanes.Run();
        var first = File.ReadAllLines(folder.File("pids"))[0];
        OtherProcess.Kill(first);
        await OtherProcess.ReapedAsync(first);

        lanes.Run();

        Assert.EndsWith("ended with signal 9 (between two calls); another one is started", Assert.Single(said).Text, StringComparison.Ordinal);
    }

    // The request is the longest that goes through the pipe, and longer than what a pipe holds: it cannot be written.
    [Fact]
    public async Task A_child_that_hangs_in_a_call_is_killed_with_what_it_has_started()
    {
        using var folder = new ScratchFolder();
        string[] arguments = ["leaves-child-and-hangs", "drift:5:8175", $"pid={folder.File("pid")}", $"child={folder.File("child")}"];
        using var problem = new ProcessProblem(TestChild.Settings(arguments, timeout: 2));
        using var lanes = new Lanes(problem);

        Assert.EndsWith(
            "gave no answer within 2 s (involute.task.timeout) (2 lanes from pair 7, step 0, on)", lanes.Fails(), StringComparison.Ordinal);
        Assert.False(OtherProcess.Lives(File.ReadAllText(folder.File("pid"))));
        await OtherProcess.EndedAsync(File.ReadAllText(folder.File("child")));
    }

    [Fact]
    public async Task What_a_child_leaves_behind_ends_with_it()
    {
        using var folder = new ScratchFolder();
        using (var problem = TestChild.Start("leaves-child", "drift", $"child={folder.File("child")}"))
        {
            using var lanes = new Lanes(problem);
            lanes.Run();
            Assert.True(OtherProcess.Lives(File.ReadAllText(folder.File("child"))));
        }

        await OtherProcess.EndedAsync(File.ReadAllText(folder.File("child")));
    }

    // It holds the child's streams open in a session of its own, where the end of the child's session does not reach it.
    [Fact]
    public async Task A_daemon_that_a_child_leaves_does_not_hide_its_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "setsid is Linux's");
        using var folder = new ScratchFolder();
        using var problem = TestChild.Start("leaves-daemon", "drift", $"child={folder.File("child")}", "call=1");
        using var lanes = new Lanes(problem);
        try
        {
            Assert.Contains("ended with exit code 9: the bearing is broken", lanes.Fails(), StringComparison.Ordinal);
        }
        finally
        {
            var daemon = await File.ReadAllTextAsync(folder.File("child"), TestContext.Current.CancellationToken);
            OtherProcess.Kill(daemon);
        }
    }

    [Fact]
    public void A_child_that_ignores_the_end_of_its_input_is_killed()
    {
        using var folder = new ScratchFolder();
        TestChild.Start("ignores-end", "drift", $"pid={folder.File("pid")}").Dispose();

        Assert.False(OtherProcess.Lives(File.ReadAllText(folder.File("pid"))));
    }

    [Fact]
    public void Text_between_two_answers_is_shown()
    {
        using var problem = TestChild.Start("prints-between", "drift", "call=2");
        using var lanes = new Lanes(problem);
        lanes.Run();

        Assert.EndsWith(
            $"wrote 'step 1 done' to its standard output, which is for answers only; text goes to standard error {Place}",
            lanes.Fails(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("more=8", "answered advance with 120 bytes instead of 112")]
    [InlineData("more=-8", "answered advance with 104 bytes instead of 112")]
    [InlineData("version=3", "speaks version 3 of the protocol, and this program version 1")]
    [InlineData("kind=3", "answered advance with a frame of kind 3")]
    [InlineData("flags=1", "sent a frame of 112 bytes with flags 1; a payload lies in the shared file if it has more than 65536 bytes")]
    [InlineData("flags=6", "sent a frame of 112 bytes with flags 6; a payload lies in the shared file if it has more than 65536 bytes")]
    [InlineData("told=2000000000", "sent a frame of 2000000000 bytes with flags 0; a payload lies in the shared file if it has more than 65536 bytes")]
    public void A_wrong_answer_ends_the_child(string what, string line)
    {
        using var folder = new ScratchFolder();
        using var problem = TestChild.Start("answers", "drift", "call=2", what, $"pid={folder.File("pids")}");
        using var lanes = new Lanes(problem);
        lanes.Run();

        Assert.EndsWith($"{line} {Place}", lanes.Fails(), StringComparison.Ordinal);
        Assert.False(OtherProcess.Lives(File.ReadAllLines(folder.File("pids"))[0]));
        lanes.Run();
    }

    [Theory]
    [InlineData("twice=1", "gave a second answer to one request", "wrote more than its answer to its standard output: 'INV")]
    [InlineData("behind=done", "wrote 'done' to its standard output", "wrote more than its answer to its standard output: 'done'")]
    public async Task What_comes_behind_an_answer_is_noticed_before_the_next_request(string what, string later, string atOnce)
    {
        using var folder = new ScratchFolder();
        using var problem = TestChild.Start("answers", "drift", "call=1", what, $"done={folder.File("done")}");
        using var lanes = new Lanes(problem);
        var line = Record.Exception(lanes.Run)?.Message;
        if (line is null)
        {
            await OtherProcess.WrittenAsync(folder.File("done"));
            line = lanes.Fails();
        }

        Assert.True(line.Contains(later, StringComparison.Ordinal) || line.Contains(atOnce, StringComparison.Ordinal), line);
    }

    [Fact]
    public void A_longer_state_than_the_greeting_allows_ends_the_child()
    {
        using var problem = TestChild.Start("tells-length", "drift", "varies=1", "length=21");
        using var lanes = new Lanes(problem);

        Assert.EndsWith(
            "answered with a state of 21 bytes; its greeting allows 20 (2 lanes from pair 7, step 0, on)", lanes.Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_the_childs_code_is_one_line_and_its_trace_is_said()
    {
        using var folder = new ScratchFolder();
        using var problem = TestChild.Start("fails", "drift", "call=2", $"pid={folder.File("pids")}");
        var said = new List<ProblemLine>();
        problem.Said += said.Add;
        using var lanes = new Lanes(problem);
        lanes.Run();

        Assert.EndsWith($"ValueError: bad gain of 3 (pendulum.py:41) {Place}", lanes.Fails(), StringComparison.Ordinal);
        Assert.Equal(["Traceback:", "line 41", "ValueError: bad gain"], said.Select(line => line.Text));
        Assert.All(said, line => Assert.Equal(7, line.Pair));
        lanes.Run();
        Assert.Single(File.ReadAllLines(folder.File("pids")));
    }

    [Fact]
    public void Losses_that_are_no_numbers_are_divergence_and_no_failure()
    {
        using var problem = TestChild.Start("serve", "drift:5:3:1000");
        using var twins = new Twins(problem, "drift:5:3:1000", pairs: 2);
        twins.Advance(rows: 2, Twins.Segment(1, 0, 0, 3, 0, horizon: 9), Twins.Segment(0, 0, 0, 3, 6, horizon: 9));
        twins.SameStates();
        twins.Advance(rows: 2, Twins.Segment(0, 0, 3, 3, 0), Twins.Segment(1, 0, 3, 3, 6));
    }

    [Fact]
    public void A_program_that_is_not_there_or_none_is_told_before_anything_starts()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File("text"), "no program");
        Directory.CreateDirectory(folder.File("inner"));

        Assert.Equal("no-such-program x: there is no program no-such-program in PATH", Refusal(folder.Path, "no-such-program", "x"));
        Assert.Equal($"./gone: there is no program {folder.File("gone")}", Refusal(folder.Path, "./gone"));
        Assert.Equal($"./text: {folder.File("text")} is not executable", Refusal(folder.Path, "./text"));
        Assert.Equal($"./inner: {folder.File("inner")} is a folder, not a program", Refusal(folder.Path, "./inner"));
        Assert.Equal($"sh: there is no folder {folder.File("none")} (involute.task.folder)", Refusal(folder.File("none"), "sh"));
    }

    private static string Refusal(string folder, params string[] command) =>
        Assert.Throws<ProcessException>(() => new ProcessProblem(
            new ChildSettings(new ChildCommand(command, folder), TimeSpan.FromSeconds(60)))).Message;
}
