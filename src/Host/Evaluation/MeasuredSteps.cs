namespace Involute.Host.Evaluation;

/// <summary>The inner steps at which a curve has its points.</summary>
internal static class MeasuredSteps
{
    /// <summary>
    /// The ends of about equal stretches of steps 1 to <paramref name="steps"/>, ascending; the last is the end.
    /// </summary>
    public static int[] Evenly(int steps, int stretches)
    {
        var count = Math.Min(steps, stretches);
        return [.. Enumerable.Range(1, count).Select(i => (int)((long)steps * i / count))];
    }
}
