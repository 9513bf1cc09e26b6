using Involute.Torch.Adjoint;
using Xunit;

namespace Involute.Torch.Tests.Adjoint;

/// <summary>States are those that were added, kept or computed again.</summary>
public sealed class StateTapeTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Any_state_comes_back_however_few_are_kept(int most)
    {
        var computed = 0;
        var tape = new StateTape(2, most, (step, from, rows) =>
        {
            Assert.Equal(step, from[0]);
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i][0] = step + 1 + i;
                rows[i][1] = -rows[i][0];
                computed++;
            }
        });
        foreach (var count in new[] { 41, 5, 64 })
        {
            tape.Clear();
            for (var step = 0; step < count; step++)
            {
                // A step may be taken back, and taken again.
                tape.Add([step, -step]);
                tape.DropLast();
                tape.Add([step, -step]);
            }

            Assert.Equal(count, tape.Count);
            for (var step = count - 1; step >= 0; step--)
            {
                Assert.Equal(new float[] { step, -step }, tape[step].ToArray());
            }
        }

        // Each dropped state is computed again once for each way back.
        Assert.InRange(computed, most > 64 ? 0 : 1, 41 + 5 + 64);
        Assert.Equal(most > 64, computed == 0);
    }
}
