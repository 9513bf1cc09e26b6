using Involute.Estimators.MetaOptimizers;
using Involute.Runs.Configuration;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

public sealed class DecayOverRunTests : IDisposable
{
    private readonly Files _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(4000, "involute.optimizer=mlp")]
    [InlineData(300, "involute.optimizer=mlp", "involute.outer-steps=300")]
    [InlineData(600, "involute.meta-optimizer.learning-rate-schedule=cosine")]
    [InlineData(75, "involute.optimizer=mlp", "involute.outer-steps=299", "involute.meta-optimizer.accumulate=4")]
    [InlineData(5000, "involute.meta-optimizer.learning-rate-schedule=cosine", "involute.meta-optimizer.warm-up=2000", "involute.outer-steps=5000")]
    [InlineData(50, "involute.optimizer=mlp", "involute.outer-steps=300", "involute.meta-optimizer.decay-steps=50")]
    [InlineData(1000, "involute.optimizer=mlp", "involute.outer-steps=300", "involute.meta-optimizer.decay-steps=1000")]
    [InlineData(300, "involute.meta-optimizer={ name = sgd, learning-rate-schedule = cosine }", "involute.outer-steps=300")]
    [InlineData(1000, "involute.outer-steps=300")]
    public void A_cosine_comes_down_at_the_end_of_the_run_unless_it_is_told_when(int expected, params string[] arguments) =>
        Assert.Equal(expected, ConfigurationLoader.Load([], arguments).MetaOptimizer.Step.DecaySteps);

    [Fact]
    public void A_run_that_goes_on_and_a_fork_keep_what_they_have()
    {
        var begun = ConfigurationLoader.Load([], ["involute.optimizer=mlp", "involute.outer-steps=300"]);
        _files.Write(begun.ToHocon(), ConfigurationLoader.FileName);

        foreach (var later in new[]
        {
            ConfigurationLoader.LoadRun(_files.Folder, ["involute.outer-steps=900"]),
            ConfigurationLoader.LoadFork(_files.Folder, [], ["involute.outer-steps=900"], null),
            ConfigurationLoader.Parse(begun.ToHocon(), "settings"),
        })
        {
            Assert.Equal(300, later.MetaOptimizer.Step.DecaySteps);
            Assert.Equal(RateSchedule.Cosine, later.MetaOptimizer.Step.LearningRateSchedule);
        }
    }

    [Fact]
    public void Runs_without_a_cosine_are_what_they_were() => Assert.Equal(
        new RunConfiguration().IdentitySha256(), ConfigurationLoader.Load([], ["involute.outer-steps=300"]).IdentitySha256());

    [Fact]
    public void A_warm_up_that_is_longer_than_the_run_is_blamed()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(
            [], ["involute.optimizer=mlp", "involute.meta-optimizer.warm-up=400", "involute.outer-steps=300"]));

        Assert.Equal(
            "--set involute.meta-optimizer.warm-up=400: involute.meta-optimizer.decay-steps: 300 is not behind warm-up = 400 "
            + "(decay-steps comes from the defaults for the length of the run); allowed: more than meta-optimizer.warm-up",
            refusal.Message);
    }
}
