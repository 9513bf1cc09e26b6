using System.Text.Json;
using Involute.Host.Errors;
using Involute.Host.Evaluation;
using Involute.Runs.Configuration;
using Involute.Runs.Plugins;
using Involute.Tests;
using Involute.Tests.Plugins;
using Xunit;

namespace Involute.Host.Tests.Plugins;

/// <summary>The command runs a plugin's problem: <c>train</c>, <c>resume</c> and <c>eval</c>.</summary>
public sealed class PluginRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Plugin => _folder.File("plugin");

    private string Runs => _folder.File("runs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plugins_problem_is_trained_resumed_and_evaluated()
    {
        EmittedPlugin.Write(Directory.CreateDirectory(Plugin).FullName, "mine", "slope");
        Assert.Equal(ExitCode.Ok, await Program.Main(
        [
            "train", "--plugin", Plugin, "--runs", Runs, "--name", "first", "--set", "involute.outer-steps=30",
            "--set", "involute.task.options.start=2", "--set", "involute.threads=1",
        ]));

        var run = Path.Combine(Runs, "first");
        var task = Assert.IsType<PluginTaskOptions>(ConfigurationLoader.LoadRun(run, []).Task);
        Assert.Equal(("slope", Plugin, 64), (task.Problem, task.Folder, task.Sha256.Length));
        Assert.Equal([KeyValuePair.Create("start", "2")], task.Options.Entries);
        Assert.Equal("better", Outcome(run));

        var moved = _folder.File("moved");
        Directory.Move(Plugin, moved);
        Assert.Equal(ExitCode.Configuration, await Resume());
        Assert.Equal(ExitCode.Ok, await Program.Main(["verify", run]));
        Assert.Equal(ExitCode.Configuration, await Program.Main(["verify", run, "--replay"]));
        Assert.Equal(ExitCode.Ok, await Program.Main(["verify", run, "--replay", "--plugin", moved]));
        Assert.Equal(ExitCode.Ok, await Resume("--plugin", moved));
        Assert.Equal(moved, ((PluginTaskOptions)ConfigurationLoader.LoadRun(run, []).Task).Folder);
        Assert.Equal(ExitCode.Ok, await Program.Main(["eval", run, "--trials", "3", "--steps", "7", "--json"]));

        EmittedPlugin.Write(moved, "mine", "slope", "another");
        Assert.Equal(ExitCode.Configuration, await Resume());
        Assert.Equal(ExitCode.Configuration, await Program.Main(["eval", run]));
    }

    private Task<int> Resume(params string[] more) => Program.Main(
        ["resume", "first", "--runs", Runs, "--no-eval", "--set", "involute.outer-steps=31", .. more]);

    private static string? Outcome(string run)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "evaluation.json")));
        Assert.Equal(ThetaComparison.DefaultTrials, json.RootElement.GetProperty("trials").GetInt32());
        Assert.Equal(
            4, json.RootElement.GetProperty("initial").GetProperty("meanLoss").GetProperty("mean").GetDouble());
        return json.RootElement.GetProperty("comparison").GetProperty("outcome").GetString();
    }
}
