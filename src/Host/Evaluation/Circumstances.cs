using System.Globalization;
using Involute.Tasks.Schedules;

namespace Involute.Host.Evaluation;

/// <summary>What theta is evaluated on, held against what it was trained on.</summary>
/// <param name="On">A name of other settings than those of the training; null for the same.</param>
/// <param name="Differs">Settings that differ from those of the training, of those that an evaluation depends on.</param>
/// <param name="TrainedHorizons">How long the trajectories of the training were; null if that is not known.</param>
internal sealed record Circumstances(string? On, IReadOnlyList<string> Differs, HorizonRange? TrainedHorizons)
{
    private const int MostNamed = 4;

    /// <summary>The settings of the training.</summary>
    public static Circumstances OfTraining(HorizonRange? horizons) => new(null, [], horizons);

    /// <summary>What of an evaluation is outside of the training, in a few words; null if nothing is.</summary>
    /// <param name="steps">Inner steps of each trajectory; null if they are as in training.</param>
    public string? Outside(int? steps)
    {
        var parts = new List<string>();
        if (Differs.Count > 0)
        {
            var more = Differs.Count > MostNamed
                ? string.Create(CultureInfo.InvariantCulture, $" and {Differs.Count - MostNamed} more")
                : "";
            parts.Add($"other {string.Join(", ", Differs.Take(MostNamed))}{more} than in training");
        }

        if (steps is { } count && TrainedHorizons is { } trained && !trained.Contains(count))
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture, $"{count} inner steps, and theta was trained on trajectories of {trained}"));
        }

        return parts.Count == 0 ? null : string.Join("; ", parts);
    }
}
