using Involute.Estimators;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Checkpoints;

/// <summary>How many inner steps a run has trained: from its plan, or from its checkpoint.</summary>
public sealed class InnerStepsTests
{
    [Theory]
    [InlineData("involute.estimator=persistent-es")]
    [InlineData("involute.estimator=full-es")]
    [InlineData("involute.estimator=full-es", "involute.reset=upstream")]
    [InlineData("involute.estimator=noise-reuse-es", "involute.reset=upstream")]
    [InlineData("involute.reset=upstream", "involute.truncation={schedule=constant,length=7,offset=3}")]
    [InlineData("involute.reset=upstream", "involute.truncation={schedule=constant,length=7,offset=stationary}")]
    [InlineData("involute.reset=upstream", "involute.truncation={min=2,max=20,offset=stationary}")]
    [InlineData("involute.truncation={schedule=scheduled,from=4,to=20,over=10}", "involute.estimator=full-es")]
    public void Inner_steps_are_known_from_the_plan(params string[] settings)
    {
        string[] small =
        [
            "involute.task=fixed-dim-quadratic", "involute.pairs=3", "involute.window=5", "involute.truncation.min=2",
            "involute.truncation.max=30", "involute.truncation.offset=20",
        ];
        var own = settings.Any(setting => setting.Contains("truncation", StringComparison.Ordinal));
        var plan = PlanFactory.Create(ConfigurationLoader.Load([], [.. own ? small[..3] : small, .. settings]));
        var each = InnerStepTotal.Each(plan, 40);
        Assert.Equal(0, each[0]);
        foreach (var step in new SequentialTrainer<float>(plan).Run(40))
        {
            Assert.Equal(step.State.InnerSteps, each[(int)step.Version.Value]);
            Assert.Equal(step.State.InnerSteps, InnerStepTotal.Of(plan, step.Version.Value));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(123_456_789_012L)]
    public void A_checkpoint_may_say_how_many(long? steps)
    {
        var checkpoint = Sample.Checkpoint(3) with { InnerSteps = steps };
        Dictionary<StoredPart, byte[]> parts = [];
        var manifest = CheckpointParts.Write(checkpoint, (part, bytes) => parts[part] = bytes.ToArray()).Write();

        Assert.Equal(steps, CheckpointFormat.Read(CheckpointFormat.Write(checkpoint)).InnerSteps);
        Assert.Equal(steps, CheckpointFormat.Read(manifest, parts.GetValueOrDefault, StateReading.Keep).InnerSteps);
    }

    [Fact]
    public void A_negative_number_is_damage() => Assert.Throws<InvalidDataException>(
        () => CheckpointFormat.Read(CheckpointFormat.Write(Sample.Checkpoint(3) with { InnerSteps = -1 })));
}
