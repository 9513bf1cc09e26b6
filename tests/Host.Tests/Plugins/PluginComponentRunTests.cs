using Involute.Host.Errors;
using Involute.Runs.Configuration;
using Involute.Tests;
using Involute.Tests.Plugins;
using Xunit;

namespace Involute.Host.Tests.Plugins;

/// <summary>The command runs a plugin's component.</summary>
public sealed class PluginComponentRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Plugin => Directory.CreateDirectory(_folder.File("plugin")).FullName;

    private string Runs => _folder.File("runs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_component_with_options_of_every_type_is_trained_resumed_and_verified()
    {
        EmittedComponent.Write(Plugin, "mine", new EmittedComponent("mine", typeof(SlopeOptions)));
        Assert.Equal(ExitCode.Ok, await Train("--set", "involute.task.start=2", "--set", "involute.task.limit=0.5"));
        Assert.Equal(ExitCode.Ok, await Program.Main(
            ["resume", "first", "--runs", Runs, "--no-eval", "--set", "involute.outer-steps=4"]));
        var run = Path.Combine(Runs, "first");
        var task = Assert.IsType<SlopeOptions>(ConfigurationLoader.LoadRun(run, []).Task, exactMatch: false);
        Assert.Equal((2, 0.5), (task.Start, task.Limit));
        Assert.Equal(ExitCode.Ok, await Program.Main(["verify", run, "--replay"]));
    }

    [Theory]
    [InlineData("quadratic", typeof(SlopeOptions))]
    [InlineData("mine", typeof(FaultyOptions.Unsupported))]
    [InlineData("mine", typeof(FaultyOptions.KeyTwice))]
    [InlineData("mine", typeof(FaultyOptions.NoWord))]
    [InlineData("mine", typeof(FaultyOptions.ThrowingSetter))]
    [InlineData("mine", typeof(FaultyOptions.ThrowingCheck))]
    [InlineData("mine", typeof(FaultyOptions.ThrowingCreate))]
    [InlineData("mine", typeof(FaultyOptions.NullCreate))]
    [InlineData("mine", typeof(FaultyOptions.ThrowingLength))]
    public async Task A_wrong_component_is_a_wrong_configuration_and_nothing_is_written(string name, Type options)
    {
        EmittedComponent.Write(Plugin, "mine", new EmittedComponent(name, options));
        Assert.Equal(ExitCode.Configuration, await Train());
        Assert.False(Directory.Exists(Path.Combine(Runs, "first")));
    }

    [Fact]
    public async Task A_wrong_option_is_a_wrong_configuration_and_nothing_is_written()
    {
        EmittedComponent.Write(Plugin, "mine", new EmittedComponent("mine", typeof(SlopeOptions)));
        Assert.Equal(ExitCode.Configuration, await Train("--set", "involute.task.start=11"));
        Assert.Equal(ExitCode.Configuration, await Train("--set", "involute.task.strat=1"));
        Assert.False(Directory.Exists(Path.Combine(Runs, "first")));
    }

    [Fact]
    public async Task Data_that_cannot_be_read_have_their_own_code()
    {
        EmittedComponent.Write(Plugin, "mine", new EmittedComponent("mine", typeof(FaultyOptions.WithoutData)));
        Assert.Equal(ExitCode.Data, await Train());
    }

    [Fact]
    public async Task A_run_goes_on_with_the_data_files_that_its_plugin_declares_and_with_no_others()
    {
        EmittedComponent.Write(
            Plugin, "mine", ["tables", "weights.bin"], new EmittedComponent("mine", typeof(SlopeOptions)));
        Assert.Equal(ExitCode.Configuration, await Train());
        var table = Path.Combine(Directory.CreateDirectory(Path.Combine(Plugin, "tables")).FullName, "one.csv");
        File.WriteAllText(table, "1");
        File.WriteAllText(Path.Combine(Plugin, "weights.bin"), "w");
        Assert.Equal(ExitCode.Ok, await Train());

        File.WriteAllText(Path.Combine(Plugin, "notes.swp"), "an editor's");
        Assert.Equal(ExitCode.Ok, await Resume(4));
        File.WriteAllText(table, "2");
        Assert.Equal(ExitCode.Data, await Resume(5));
        Assert.Equal(ExitCode.Data, await Program.Main(["eval", Path.Combine(Runs, "first")]));
        File.WriteAllText(table, "1");
        Assert.Equal(ExitCode.Ok, await Resume(5));
    }

    [Fact]
    public async Task A_step_that_does_not_follow_from_its_keys_is_found_before_the_run_and_by_check()
    {
        EmittedComponent.Write(Plugin, "mine", new EmittedComponent("mine", typeof(FaultyOptions.DrawsFromNoKey)));
        Assert.Equal(ExitCode.Configuration, await Train());
        Assert.False(Directory.Exists(Path.Combine(Runs, "first")));
        Assert.Equal(ExitCode.CheckFailed, await Program.Main(["check", "--plugin", Plugin]));
        Assert.Equal(ExitCode.CheckFailed, await Program.Main(["check", "--plugin", Plugin, "--json"]));
    }

    [Fact]
    public async Task A_component_finds_the_files_that_lie_beside_its_assembly_also_after_a_move()
    {
        EmittedComponent.Write(
            Plugin, "mine", ["start.txt"], new EmittedComponent("mine", typeof(FaultyOptions.ReadsItsOwnFile)));
        File.WriteAllText(Path.Combine(Plugin, "start.txt"), "3");
        Assert.Equal(ExitCode.Ok, await Train());
        Assert.Equal(ExitCode.Ok, await Program.Main(["check", "--plugin", Plugin]));
        Directory.Move(Plugin, _folder.File("moved"));
        Assert.Equal(ExitCode.Ok, await Program.Main(
        [
            "resume", "first", "--runs", Runs, "--no-eval", "--plugin", _folder.File("moved"), "--set", "involute.outer-steps=4",
        ]));
    }

    private Task<int> Resume(int steps) => Program.Main(
        ["resume", "first", "--runs", Runs, "--no-eval", "--set", $"involute.outer-steps={steps}"]);

    private Task<int> Train(params string[] more) => Program.Main(
    [
        "train", "--plugin", Plugin, "--runs", Runs, "--name", "first", "--no-eval", "--set", "involute.outer-steps=3",
        "--set", "involute.threads=1", .. more,
    ]);
}
