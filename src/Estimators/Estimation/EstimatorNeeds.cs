using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>What lasts of a pair's unroll from one window to the next.</summary>
public enum Carry
{
    /// <summary>Nothing: each window is one whole new trajectory, from reset to horizon.</summary>
    Nothing,

    /// <summary>Every arm goes on from where it stands.</summary>
    Arms,

    /// <summary>The unperturbed lane goes on, and both arms start each window from it.</summary>
    Centre,

    /// <summary>The positive arm goes on, and the negative one starts each window from it.</summary>
    Positive,
}

/// <summary>How far derivatives of the unperturbed lane reach back.</summary>
public enum TangentSpan
{
    /// <summary>No derivatives.</summary>
    None,

    /// <summary>To the window's start: its first state counts as a constant.</summary>
    Window,

    /// <summary>To the trajectory's start.</summary>
    Trajectory,
}

/// <summary>What an estimator needs of each pair: the lanes, what lasts between windows, what is measured.</summary>
/// <param name="Arms">The lanes.</param>
/// <param name="Carry">What lasts of them between windows.</param>
/// <param name="Trail">Whether a sum of past perturbations is kept.</param>
/// <param name="Scalars">Numbers that are remembered beside the trail.</param>
/// <param name="Tangents">Derivatives of the unperturbed lane.</param>
/// <param name="EvaluationBatches">Batches that the arms are measured on at the end of a trajectory; 0 for not at
/// all.</param>
public sealed record EstimatorNeeds(
    ArmSet Arms,
    Carry Carry,
    bool Trail = false,
    int Scalars = 0,
    TangentSpan Tangents = TangentSpan.None,
    int EvaluationBatches = 0)
{
    /// <summary>
    /// Whether derivatives last from window to window, so that they must be computed forwards: what lies behind a
    /// window is not kept.
    /// </summary>
    public bool CarriesTangents => Tangents == TangentSpan.Trajectory && Carry != Carry.Nothing;

    /// <summary>Whether a problem offers the derivatives that are needed.</summary>
    /// <typeparam name="T">Number type of theta.</typeparam>
    /// <param name="problem">The problem.</param>
    public bool AreMetBy<T>(IInnerProblem<T> problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Tangents == TangentSpan.None || problem.OffersTangents || (problem.OffersAdjoints && !CarriesTangents);
    }
}
