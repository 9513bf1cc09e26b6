namespace Involute.Tasks.Schedules;

/// <summary>
/// Rises in a straight line to a peak, then falls along half a cosine to a final value, where it stays.
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, without restarts:
/// final + (peak − final) (1 + cos πx) / 2, x from 0 at the peak to 1 at the end.
/// </remarks>
/// <param name="Peak">The highest value.</param>
/// <param name="Steps">The step from which on the value is the final one, above <paramref name="WarmUp"/>.</param>
/// <param name="Final">The value at the end.</param>
/// <param name="WarmUp">The step of the peak; 0 starts there.</param>
public sealed record CosineDecay(double Peak, long Steps, double Final = 0, long WarmUp = 0) : IScalarSchedule
{
    /// <inheritdoc/>
    public double At(long outerStep)
    {
        if (outerStep < WarmUp)
        {
            return Peak * outerStep / WarmUp;
        }

        var x = Math.Min(1, (outerStep - WarmUp) / (double)(Steps - WarmUp));
        return Final + ((Peak - Final) * RaisedCosine(x));
    }

    // (1 + cos πx) / 2 = (1 − 2 sin²(πx/4))²: the angle is at most π/4, where eight Taylor terms are exact to the last
    // bits. Math.Cos differs between machines.
    private static double RaisedCosine(double x)
    {
        var angle = x * (Math.PI / 4);
        var square = angle * angle;
        var series = 1.0;
        for (var k = 15; k > 1; k -= 2)
        {
            series = 1 - (square / (k * (k - 1)) * series);
        }

        var sine = angle * series;
        var cosine = 1 - (2 * sine * sine);
        return cosine * cosine;
    }
}
