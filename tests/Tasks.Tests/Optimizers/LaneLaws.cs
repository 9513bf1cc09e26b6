using Involute.Tasks.Optimizers;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>What every update rule does with the parameters of one lane.</summary>
internal static class LaneLaws
{
    /// <summary>
    /// A tensor is updated as if it were alone, bit for bit, and the zeros behind parameters, and behind every number
    /// that the rule keeps per parameter, stay zeros.
    /// </summary>
    /// <param name="optimizer">The rule.</param>
    /// <param name="theta">Its theta.</param>
    /// <param name="slots">Numbers that the rule keeps per parameter.</param>
    /// <param name="steps">Updates.</param>
    public static void PaddingStaysZeroAndNeighboursDoNotMatter(
        ILearnedOptimizer optimizer, float[] theta, int slots, int steps)
    {
        var together = new Lane(optimizer, [3, 5], [70]);
        var alone = new Lane(optimizer, [70]);
        together.RandomStart();
        alone.Start(together.Parameters[15..together.Length]);
        for (var step = 0; step < steps; step++)
        {
            together.RandomGradient(step);
            together.Update(theta);
            alone.Update(theta, together.Gradient[15..together.Length]);
            Assert.Equal(together.Parameters[15..together.Length], alone.Parameters[..alone.Length]);
            AssertPaddingIsZero(together, slots);
            AssertPaddingIsZero(alone, slots);
        }
    }

    private static void AssertPaddingIsZero(Lane lane, int slots)
    {
        var padded = lane.Parameters.Length;
        Assert.True(lane.Parameters.AsSpan(lane.Length).IndexOfAnyExcept(0f) < 0);
        for (var slot = 0; slot < slots; slot++)
        {
            Assert.True(lane.State.AsSpan(slot * padded, padded)[lane.Length..].IndexOfAnyExcept(0f) < 0);
        }
    }
}
