using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;

namespace Involute.Hosting.Reproduction.Measurement;

/// <summary>Horizons from a short list, with given probabilities.</summary>
internal sealed class ListedSchedule(IReadOnlyList<(int Horizon, double Probability)> table) : ITruncationSchedule
{
    public string Name => "listed";

    public double MeanHorizon => table.Sum(entry => entry.Horizon * entry.Probability);

    public int Horizon(TrajectoryKey trajectory)
    {
        var rest = trajectory.Stream(RandomStream.Horizon).Uniform(0);
        foreach (var (horizon, probability) in table)
        {
            rest -= probability;
            if (rest < 0)
            {
                return horizon;
            }
        }

        return table[^1].Horizon;
    }
}
