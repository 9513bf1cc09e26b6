namespace Involute.Reproduction.ClosedForms;

/// <summary>How windows or stretches cut a trajectory.</summary>
internal static class Cuts
{
    /// <summary>Segments of a trajectory that starts <paramref name="phase"/> steps after a cut.</summary>
    public static int[] Of(int horizon, int length, int phase)
    {
        var segments = new List<int>();
        for (var left = horizon; left > 0; left -= segments[^1])
        {
            segments.Add(Math.Min(left, segments.Count == 0 ? length - phase : length));
        }

        return [.. segments];
    }

    /// <summary>Greatest common divisor.</summary>
    public static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
