using Involute.Runs.Configuration;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

public sealed class RunDefaultsTests : IDisposable
{
    private readonly Files _files = new();

    private static RunConfiguration Adam { get; } = ConfigurationLoader.Load([], []);

    private static RunConfiguration Mlp { get; } = ConfigurationLoader.Load([], ["involute.optimizer=mlp"]);

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_network_has_defaults_of_its_own()
    {
        Assert.Equal((0.1, 0.03), (Adam.Sigma, Adam.MetaOptimizer.LearningRate));
        Assert.Equal((0.03, "noise-reuse-es"), (Mlp.Sigma, Mlp.Estimator.Name));
        Assert.True(Mlp.MetaOptimizer.LearningRate < Adam.MetaOptimizer.LearningRate);
        Assert.Contains("\n  sigma = 0.03\n", Mlp.ToHocon(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("involute.optimizer = mlp")]
    [InlineData("involute { optimizer { name = mlp } }")]
    [InlineData("involute.optimizer.name = \"mlp\"")]
    [InlineData("involute { optimizer { hidden-layers = 2, name = mlp } }")]
    public void However_the_optimizer_is_written(string text) => Assert.Equal(Mlp, _files.Load(text));

    [Fact]
    public void The_optimizer_that_is_chosen_last_decides()
    {
        var file = _files.Write("involute { optimizer = mlp, pairs = 5 }", "mlp.conf");
        Assert.Equal(Adam with { Pairs = 5 }, ConfigurationLoader.Load([file], ["involute.optimizer=adam"]));
        Assert.Equal(Mlp with { Pairs = 5 }, ConfigurationLoader.Load([file], ["involute.optimizer.hidden-size=32"]));
        Assert.Equal(Mlp, ConfigurationLoader.Load([], ["involute.optimizer=adam", "involute.optimizer=mlp"]));
    }

    [Fact]
    public void What_is_written_wins_wherever_it_stands()
    {
        var own = ConfigurationLoader.Load([], ["involute.sigma=0.1", "involute.window=50", "involute.optimizer=mlp"]);
        Assert.Equal(Mlp with { Sigma = 0.1, Window = 50 }, own);
        Assert.Equal(Mlp with { Sigma = 0.1, Window = 50 }, _files.Load(
            "involute { optimizer = mlp, sigma = .1, window = 50 }"));
    }

    [Fact]
    public void Their_options_go_with_the_name_that_they_are_for()
    {
        // The learning rate that mlp brings is an option of Adam; the horizons are options of a log-uniform schedule.
        var own = ConfigurationLoader.Load(
            [], ["involute.optimizer=mlp", "involute.meta-optimizer=sgd", "involute.truncation=constant", "involute.estimator=pes"]);
        var plain = ConfigurationLoader.Load([], ["involute.meta-optimizer=sgd", "involute.truncation=constant"]);
        Assert.Equal(plain.MetaOptimizer, own.MetaOptimizer);
        Assert.Equal(plain.Truncation, own.Truncation);
        Assert.Equal(plain.Estimator, own.Estimator);
        Assert.Equal(Mlp.Sigma, own.Sigma);
    }

    [Fact]
    public void A_run_keeps_the_numbers_that_it_began_with()
    {
        _files.Write(Mlp.ToHocon().Replace("sigma = 0.03", "sigma = 0.02", StringComparison.Ordinal), ConfigurationLoader.FileName);
        var resumed = ConfigurationLoader.LoadRun(_files.Folder, ["involute.optimizer=mlp", "involute.threads=1"]);
        Assert.Equal(Mlp with { Sigma = 0.02, Threads = 1 }, resumed);
        Assert.Equal((Mlp with { Sigma = 0.02 }).IdentitySha256(), resumed.IdentitySha256());
    }

    [Fact]
    public void A_contradiction_with_them_names_whose_default_it_is()
    {
        var refusal = Assert.Throws<ConfigurationException>(
            () => ConfigurationLoader.Load([], ["involute.optimizer=mlp", "involute.truncation.min=5000"]));
        Assert.Equal(
            "--set involute.truncation.min=5000: involute.truncation.max: 1000 is less than truncation.min = 5000 "
            + "(max comes from the defaults of optimizer mlp); allowed: at least truncation.min",
            refusal.Message);
    }

    [Theory]
    [InlineData("involute.optimizer=mpl")]
    [InlineData("involute.optimizer=[mlp]")]
    [InlineData("involute.optimizer=null")]
    [InlineData("involute.optimizer.name={ mlp = 1 }")]
    public void An_optimizer_that_does_not_exist_is_the_error_that_it_was(string argument)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([], [argument]));
        Assert.StartsWith($"--set {argument}: involute.optimizer", refusal.Message, StringComparison.Ordinal);
    }
}
