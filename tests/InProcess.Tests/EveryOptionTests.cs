using System.CommandLine;
using Involute.Host.Tests.CommandLine;
using Involute.Tests;
using Xunit;
using CommandLineOfHost = Involute.Host.Commands.CommandLine;

namespace Involute.InProcess.Tests;

/// <summary>
/// Every option and argument of every command, as System.CommandLine has them, with values that are of a wrong kind, empty,
/// huge or negative: one line, a documented code, nothing written. A new option is tested without a change here.
/// </summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class EveryOptionTests(EveryOptionTests.Trained trained) : IClassFixture<EveryOptionTests.Trained>
{
    // A run of that name may be there, and there is no one to say yes.
    private const string RunsRm = "runs rm";
    private const int NotConfirmed = 1;

    private static readonly int[] Legal = [0, 64, 65, 69, 74];

    private readonly ScratchFolder _scratch = trained.Scratch;

    public static TheoryData<string, string> Options()
    {
        var table = new TheoryData<string, string>();
        foreach (var (path, command) in Leaves(CommandLineOfHost.Create(), ""))
        {
            foreach (var symbol in command.Options.Cast<Symbol>().Concat(command.Arguments))
            {
                table.Add(path, symbol.Name);
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task A_wrong_value_is_answered_with_one_line(string path, string name)
    {
        var command = Leaves(CommandLineOfHost.Create(), "").Single(leaf => leaf.Path == path).Command;
        var option = command.Options.FirstOrDefault(option => option.Name == name);
        if (option is { ValueType: var type } && type == typeof(bool))
        {
            // A switch takes no value: a word too many, or where there may be several, a run that is not there.
            var takesMore = command.Arguments.Any(argument => argument.Arity.MaximumNumberOfValues > 1);
            var words = path == RunsRm ? [.. path.Split(' '), "nosuch"] : Words(path, name);
            var outcome = await InProcess.RunAsync(_scratch.Path, [.. words, $"{name}=nosuch"]);
            outcome.AssertAnswered(takesMore ? [2, 64, 69, 74] : [2]);
            return;
        }

        foreach (var value in Values())
        {
            var before = InProcess.Entries(_scratch.Path);
            string[] given = option is null ? ["--", value] : [name, value];
            var outcome = await InProcess.RunAsync(_scratch.Path, [.. Words(path, name), .. given]);
            outcome.AssertAnswered(path == RunsRm ? [.. Legal, NotConfirmed] : Legal);
            if (string.IsNullOrWhiteSpace(value))
            {
                outcome.AssertAnswered(64);
            }

            if (outcome.ExitCode != 0)
            {
                Assert.Equal(before, InProcess.Entries(_scratch.Path));
            }
        }
    }

    // A step is one of another run.
    private static readonly string[] OtherRun = ["--from", "done"];

    private string[] Values() =>
    [
        "abc", "1e3", "1.5", "NaN", "", " ", "-1", "-99999999999999999999", "99999999999999999999", "@abc", "\u0001", "a\nb",
        new string('x', 300), new string('9', 5000), _scratch.File("regular"), _scratch.File("folder"),
        Path.Combine(_scratch.File("regular"), "below"), "/dev/null", "/proc/nobody", "involute.sigma=", "127.0.0.1:99999",
    ];

    // What makes a command line whole without the option that is tested.
    private string[] Words(string path, string tested)
    {
        (string Name, string[] Words)[] needed = path switch
        {
            "train" when tested == "--step" => [("", ["--no-eval", .. Small(), .. OtherRun])],
            "learner" when tested == "--step" => [("", OtherRun)],
            "train" => [("", ["--no-eval", .. Small()])],

            // A learner that may begin waits for workers: its data are missing, which it finds out last.
            "learner" => [("", ["--set", $"involute.task={{name=image-mlp,data-folder={_scratch.File("none")}}}"])],
            "worker" => [("--join", ["--join", "127.0.0.1:1"])],
            "resume" => [("", ["--no-eval"]), ("RUN", ["done"])],
            "verify" => [("RUN", ["done"]), ("--replay", ["--replay"])],
            "show" or "runs show" or "eval" or "export" or RunsRm => [("RUN", ["done"])],
            "runs compare" or "runs diff" => [("FIRST RUN", ["done"]), ("RUN", ["done"])],

            // Of a run that is not there: the one that is there keeps its name.
            "runs rename" or "runs copy" => [("RUN", ["nosuch"]), ("NAME", ["other"])],
            "runs move" => [("RUN", ["nosuch"])],
            // It would serve until a signal comes.
            "dashboard" => [("--port", ["--port", "99999"])],
            "describe" => [("NAME", ["adam"])],
            "certs create" => [("DIR", [_scratch.File("certificates")])],
            "certs show" => [("FILE", [_scratch.File("none")])],

            // Its settings are checked first, and are wrong: no experiment is computed.
            "reproduce" => [("NAME", ["toy-2d"]), ("--set", ["--set", "nosuch=1"])],
            // What it measures does not matter here.
            "bench" => [("--seconds", ["--seconds", "1"])],
            _ => [],
        };
        return [.. path.Split(' '), .. needed.Where(part => part.Name != tested).SelectMany(part => part.Words)];
    }

    private static IEnumerable<string> Small() => RunsOnDisk.Set(
        "task=quadratic", "outer-steps=1", "pairs=1", "window=2", "truncation={schedule=constant,length=4,offset=0}",
        "threads=1");

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0
            ? [(path, command)]
            : command.Subcommands.SelectMany(inner => Leaves(inner, $"{path} {inner.Name}".Trim()));

    /// <summary>A folder with a finished run in it, a file and a folder.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        internal ScratchFolder Scratch { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(Scratch.File("regular"), "mine", TestContext.Current.CancellationToken);
            Directory.CreateDirectory(Scratch.File("folder"));
            var trained = await InProcess.RunAsync(
                Scratch.Path, ["train", "--name", "done", "--no-eval", .. Small()]);
            trained.Expect(0);
        }

        public ValueTask DisposeAsync()
        {
            Scratch.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
