using Involute.Estimators.Plans;
using Involute.Runs.Opening;

namespace Involute.Hosting;

/// <summary>Keeps the thetas of some outer steps. What cannot be written ends no run: it is told once.</summary>
/// <param name="thetas">Where they are kept.</param>
/// <param name="every">Of which outer steps: of its multiples.</param>
internal sealed class ThetaKeeper(KeptThetas thetas, long every)
{
    private bool _isTold;

    /// <summary>Of which outer steps thetas are kept: of its multiples.</summary>
    public long Every { get; set; } = every;

    /// <summary>Keeps a theta if it is one of those.</summary>
    /// <returns>A line about why that was not possible, the first time; else null.</returns>
    public string? Keep(Theta<float> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        if (theta.Version.Value % Every != 0)
        {
            return null;
        }

        try
        {
            thetas.Write(theta);
            return null;
        }
        catch (IOException cause) when (!_isTold)
        {
            _isTold = true;
            return $"theta of outer step {theta.Version} cannot be kept: {cause.Message}";
        }
        catch (IOException)
        {
            // It has been told, and the next may be written again.
            return null;
        }
    }
}
