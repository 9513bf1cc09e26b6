using System.Globalization;
using System.Numerics;
using System.Text;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks;

namespace Involute.Estimators;

/// <summary>
/// The gradient that one window of all pairs gives, and what the pairs did. Printing it shows loss and gradient.
/// </summary>
public sealed class GradientEstimate
{
    private readonly double[] _gradient;
    private readonly ThetaLayout _layout;

    private GradientEstimate(ThetaLayout layout, double[] gradient, IReadOnlyList<PairReport> reports)
    {
        _layout = layout;
        _gradient = gradient;
        Reports = reports;
        MeanLoss = MeanOf(reports);
    }

    /// <summary>Mean over the pairs, of theta's length, in theta's order.</summary>
    public ReadOnlySpan<double> Gradient => _gradient;

    /// <summary>The part of the gradient that belongs to one named tensor of theta, in row-major order.</summary>
    /// <param name="tensor">A name of the problem's layout, for example <c>log_lr</c>.</param>
    /// <exception cref="KeyNotFoundException">Theta has no such tensor.</exception>
    public ReadOnlySpan<double> this[string tensor]
    {
        get
        {
            var slice = _layout[tensor];
            return Gradient.Slice(slice.Offset, slice.Length);
        }
    }

    /// <summary>Euclidean norm of <see cref="Gradient"/>.</summary>
    public double Norm => GradientNorm.Of(_gradient);

    /// <summary>Mean over pairs of their windows' mean normalised loss; NaN when no pair had a training step.</summary>
    public double MeanLoss { get; }

    /// <summary>What each pair did, in pair order.</summary>
    public IReadOnlyList<PairReport> Reports { get; }

    /// <summary>The step counter of each pair before the window.</summary>
    public IReadOnlyList<int> InnerStepsBefore => [.. Reports.Select(report => report.InnerStepBefore)];

    /// <summary>The step counter of each pair after the window; smaller than before means that it was reset.</summary>
    public IReadOnlyList<int> InnerStepsAfter => [.. Reports.Select(report => report.InnerStepAfter)];

    /// <summary>
    /// Adds the contributions of all pairs in pair order, in double, and divides by the number of pairs.
    /// </summary>
    /// <param name="plan">The plan that the pairs belong to.</param>
    /// <param name="contributions">One per block, in pair order; their gradients have theta's length.</param>
    public static GradientEstimate Of<T>(TrainingPlan<T> plan, IReadOnlyList<PairContribution<T>> contributions)
        where T : struct, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(contributions);
        var gradient = new double[plan.ThetaLength];
        foreach (var contribution in contributions)
        {
            ElementSums.Add(gradient, 1, 1, contribution.Gradient.Span);
        }

        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] /= plan.Pairs;
        }

        return new GradientEstimate(
            plan.Problem.Layout, gradient, [.. contributions.SelectMany(contribution => contribution.Reports)]);
    }

    /// <summary>
    /// The mean loss, then a line for each tensor of theta: its gradient if it has up to four elements, else the norm
    /// of it.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"mean loss {MeanLoss:0.0000}");
        foreach (var slice in _layout.Slices)
        {
            var part = this[slice.Name];
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  d {slice.Name}:");
            if (part.Length > 4)
            {
                text.Append(CultureInfo.InvariantCulture, $" norm {GradientNorm.Of(part):0.0000}");
                continue;
            }

            foreach (var value in part)
            {
                text.Append(CultureInfo.InvariantCulture, $" {value:0.0000}");
            }
        }

        return text.ToString();
    }

    // Pairs without a training step in this window (upstream contract, length 1) have no loss to average.
    private static double MeanOf(IReadOnlyList<PairReport> reports)
    {
        var sum = 0.0;
        var count = 0;
        foreach (var report in reports)
        {
            if (report.Steps > 0)
            {
                sum += report.MeanLoss;
                count++;
            }
        }

        return count > 0 ? sum / count : double.NaN;
    }
}
