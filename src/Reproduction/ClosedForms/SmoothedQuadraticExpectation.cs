using Involute.Reproduction.Parameters;

namespace Involute.Reproduction.ClosedForms;

/// <summary>What the smoothed-quadratic experiment should measure, for any of its parameters.</summary>
internal sealed class SmoothedQuadraticExpectation
{
    private readonly ParameterValues _parameters;
    private readonly SmoothedQuadraticGradient _gradient;

    public SmoothedQuadraticExpectation(ParameterValues parameters, double[] start)
    {
        _parameters = parameters;
        var horizons = parameters.Horizons("horizon");
        _gradient = new SmoothedQuadraticGradient(
            parameters.Reals("h"), start, parameters.Real("theta"), parameters.Real("sigma"),
            parameters.Word("parameterization") == "log", horizons.Longest);
        TrueGradient = Average(_gradient.True);
        Mean = Average(OfTrajectory);
    }

    /// <summary>The gradient of the loss itself, in the experiment's normalisation.</summary>
    public double TrueGradient { get; }

    /// <summary>The estimator's expectation; NaN where it is not known.</summary>
    public double Mean { get; }

    // Losses per step: either all steps have the same weight, or all trajectories.
    private double Average(Func<int, double> ofTrajectory)
    {
        var table = _parameters.Horizons("horizon");
        var isFull = _parameters.Word("estimator") == EstimatorNames.Full;
        return _parameters.Word("normalisation") switch
        {
            "sum" => table.Entries.Sum(e => e.Probability * ofTrajectory(e.Horizon)),
            "window-mean" when !isFull => table.Entries.Sum(e => e.Probability * ofTrajectory(e.Horizon)) / table.Mean,
            _ => table.Entries.Sum(e => e.Probability * ofTrajectory(e.Horizon) / e.Horizon),
        };
    }

    private double OfTrajectory(int horizon) => _parameters.Word("estimator") switch
    {
        EstimatorNames.Nres or EstimatorNames.Full => _gradient.Accumulated([horizon]),
        EstimatorNames.Gpes => _gradient.Accumulated(Cuts.Of(horizon, _parameters.Whole("stretch"), 0)),
        EstimatorNames.Tes => OverPhases(horizon, _gradient.Truncated),
        _ => OverPhases(horizon, _gradient.Accumulated),
    };

    private double OverPhases(int horizon, Func<int[], double> ofSegments)
    {
        var window = _parameters.Whole("window");
        if (_parameters.Whole("resets") == 0)
        {
            return ofSegments(Cuts.Of(horizon, window, 0));
        }

        return Phases(window) is { } phases
            ? phases.Average(phase => ofSegments(Cuts.Of(horizon, window, phase)))
            : double.NaN;
    }

    // The phase changes only by multiples of the greatest common divisor of the window and all horizons. An offset
    // makes all phases equally likely, except where it can be larger than a horizon and phases do not mix: that mean is
    // not known.
    private IEnumerable<int>? Phases(int window)
    {
        var horizons = _parameters.Horizons("horizon");
        var common = horizons.Entries.Aggregate(window, (divisor, entry) => Cuts.Gcd(divisor, entry.Horizon));
        return _parameters.Word("offset") == "aligned" ? Enumerable.Range(0, window / common).Select(i => i * common)
            : horizons.IsConstant || common == 1 ? Enumerable.Range(0, window)
            : null;
    }
}
