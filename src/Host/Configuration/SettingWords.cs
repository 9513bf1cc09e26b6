using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;

namespace Involute.Hosting.Configuration;

/// <summary>The words of the settings that are a choice without options.</summary>
internal static class SettingWords
{
    public static readonly NamedValues<WindowLoss> WindowLosses = new(
        ("mean", WindowLoss.Mean), ("sum", WindowLoss.Sum), ("last", WindowLoss.Last));

    public static readonly NamedValues<Normalisation> Normalisations = new(
        ("window-mean", Normalisation.WindowMean), ("trajectory-mean", Normalisation.TrajectoryMean));

    public static readonly NamedValues<ResetContract> Resets = new(
        ("exact", ResetContract.Exact), ("upstream", ResetContract.Upstream));

    public static readonly NamedValues<DivergencePolicy> Divergences = new(
        ("ceiling", DivergencePolicy.Ceiling), ("skip", DivergencePolicy.Skip), ("fail", DivergencePolicy.Fail));

    public static readonly NamedValues<MetaLossSplit> MetaLossSplits = new(
        ("before-update", MetaLossSplit.BeforeUpdate),
        ("same-data", MetaLossSplit.SameData),
        ("train", MetaLossSplit.Train),
        ("inner-valid", MetaLossSplit.InnerValid),
        ("outer-valid", MetaLossSplit.OuterValid));

    public static readonly NamedValues<LinearGradients> LinearGradients = new(
        ("identical", Configuration.LinearGradients.Identical),
        ("orthonormal", Configuration.LinearGradients.Orthonormal));

    public static readonly NamedValues<RateSchedule> RateSchedules = new(
        ("constant", RateSchedule.Constant),
        ("ramp-up-sqrt-decay", RateSchedule.RampUpSqrtDecay),
        ("exponential-decay", RateSchedule.ExponentialDecay),
        ("cosine", RateSchedule.Cosine));

    public static readonly NamedValues<TruncatedCarry> Carries = new(
        ("unperturbed", TruncatedCarry.Unperturbed), ("positive", TruncatedCarry.Positive));

    public static readonly NamedValues<TrajectoryLoss> TrajectoryLosses = new(
        ("avg", TrajectoryLoss.Average),
        ("min", TrajectoryLoss.Lowest),
        ("last", TrajectoryLoss.Last),
        ("last-recompute", TrajectoryLoss.LastRecomputed));

    public static readonly NamedValues<AggregationMode> Aggregations = new(
        ("synchronous", AggregationMode.Synchronous))
    {
        NotYet = ["asynchronous"],
    };
}
