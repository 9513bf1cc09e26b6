using Involute.Hosting.Configuration;
using Xunit;

namespace Involute.Hosting.Tests.Plugins;

public sealed class PluginConfigurationTests
{
    [Fact]
    public void The_option_stands_for_task_and_optimizer_and_set_chooses_the_rest()
    {
        var configuration = ConfigurationLoader.Load(
            [], ["involute.task.problem=slope", "involute.task.options.b=0.5", "involute.task.options.a=x y"], plugin: "mine");
        var task = Assert.IsType<PluginSettings>(configuration.Task);
        Assert.Equal((Path.GetFullPath("mine"), "slope", ""), (task.Folder, task.Problem, task.Sha256));
        Assert.Equal([new Setting("a", "x y"), new Setting("b", "0.5")], task.ProblemOptions);
        Assert.IsType<NoOptimizerSettings>(configuration.Optimizer);
        Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "x"));
    }

    [Fact]
    public void Later_layers_change_single_options()
    {
        var task = (PluginSettings)ConfigurationLoader.Load(
            [],
            [
                "involute.task={ name = plugin, folder = f, options { a = 1, b = 2 } }", "involute.optimizer=none",
                "involute.task.options.b=3",
            ]).Task;
        Assert.Equal([new Setting("a", "1"), new Setting("b", "3")], task.ProblemOptions);
    }

    [Theory]
    [InlineData("involute.optimizer=none", "is trained with an optimizer")]
    [InlineData("involute={ task { name = plugin, folder = f }, optimizer = sgd }", "a plugin's problem has its own theta; allowed: none")]
    [InlineData("involute={ task = plugin, optimizer = none }", "a plugin needs a folder; allowed: --plugin DIR")]
    [InlineData("involute={ task { name = plugin, folder = f, sha256 = ABC }, optimizer = none }", "is no hash")]
    [InlineData("involute={ task { name = plugin, folder = f, options = 3 }, optimizer = none }", "is not such a block")]
    public void What_does_not_fit_together_is_refused(string set, string expected)
    {
        var message = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([], [set])).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("involute.task={ name = plugin, folder = f }")]
    [InlineData("involute.task=memoryless-linear")]
    public void A_task_with_its_own_theta_goes_with_no_optimizer_by_itself(string set) =>
        Assert.IsType<NoOptimizerSettings>(ConfigurationLoader.Load([], [set]).Optimizer);

    [Fact]
    public void The_place_of_a_plugin_is_not_part_of_a_runs_identity_and_its_content_is()
    {
        var here = ConfigurationLoader.Load([], [], plugin: "here");
        var task = (PluginSettings)here.Task;
        Assert.Equal(here.IdentitySha256(), ConfigurationLoader.Load([], [], plugin: "there").IdentitySha256());
        Assert.NotEqual(
            here.IdentitySha256(), (here with { Task = task with { Sha256 = new string('a', 64) } }).IdentitySha256());
    }
}
