using Involute.Runs.Configuration;
using Involute.Runs.Plugins;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Involute.Tests.Plugins;
using Xunit;

namespace Involute.Runs.Tests.Plugins;

public sealed class PluginConfigurationTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public PluginConfigurationTests() => EmittedPlugin.Write(_folder.Path, "mine", "slope");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_the_way_before_components_stands_for_task_and_optimizer_and_set_chooses_the_rest()
    {
        var configuration = ConfigurationLoader.Load(
            [], ["involute.task.problem=slope", "involute.task.options.b=0.5", "involute.task.options.a=x y"],
            plugin: _folder.Path);
        var task = Assert.IsType<PluginTaskOptions>(configuration.Task);
        Assert.Equal((_folder.Path, "slope", 64), (task.Folder, task.Problem, task.Sha256.Length));
        Assert.Equal([KeyValuePair.Create("a", "x y"), KeyValuePair.Create("b", "0.5")], task.Options.Entries);
        Assert.IsType<NoOptimizerOptions>(configuration.Optimizer);
        Assert.Equal("", configuration.Plugin.Folder);
        Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "x"));
    }

    [Fact]
    public void Later_layers_change_single_options()
    {
        var task = (PluginTaskOptions)ConfigurationLoader.Load(
            [],
            [
                $"involute.task={{ name = plugin, folder = \"{_folder.Path}\", options {{ a = 1, b = 2 }} }}",
                "involute.task.options.b=3",
            ]).Task;
        Assert.Equal([KeyValuePair.Create("a", "1"), KeyValuePair.Create("b", "3")], task.Options.Entries);
    }

    [Theory]
    [InlineData("involute.optimizer=none", "is trained with an optimizer")]
    [InlineData("involute={ task { name = plugin, folder = f }, optimizer = sgd }", "task plugin has its own theta; allowed: none")]
    [InlineData("involute={ task = plugin, optimizer = none }", "a plugin needs a folder; allowed: --plugin DIR")]
    [InlineData("involute={ task { name = plugin, folder = f, sha256 = ABC }, optimizer = none }", "is not a hash")]
    [InlineData(
        "involute={ task { name = plugin, folder = f, options = 3 }, optimizer = none }", "is not an allowed block")]
    [InlineData("involute={ task { name = plugin, folder = ~/f }, optimizer = none }", "'~' is not expanded")]
    public void What_does_not_fit_together_is_refused(string set, string expected)
    {
        var message = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([], [set])).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_with_its_own_theta_goes_with_no_optimizer_by_itself() =>
        Assert.IsType<NoOptimizerOptions>(ConfigurationLoader.Load([], ["involute.task=memoryless-linear"]).Optimizer);

    [Fact]
    public void The_place_of_a_plugin_is_not_part_of_a_runs_identity_and_its_content_is()
    {
        using var elsewhere = new ScratchFolder();
        File.Copy(_folder.File("mine.dll"), elsewhere.File("mine.dll"));
        var here = ConfigurationLoader.Load([], [], plugin: _folder.Path);
        var task = (PluginTaskOptions)here.Task;
        Assert.Equal(here.IdentitySha256(), ConfigurationLoader.Load([], [], plugin: elsewhere.Path).IdentitySha256());
        Assert.NotEqual(
            here.IdentitySha256(), (here with { Task = task with { Sha256 = new string('a', 64) } }).IdentitySha256());
    }
}
