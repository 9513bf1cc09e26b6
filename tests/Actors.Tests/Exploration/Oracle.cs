using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;

namespace Involute.Actors.Tests.Exploration;

/// <summary>What the sequential program has after each outer step: the only right answers.</summary>
internal sealed class Oracle
{
    private readonly List<Entry> _entries = [];

    public Oracle(TrainingPlan<float> plan, int steps)
    {
        Plan = plan;
        Blocks = plan.Blocks();
        var update = new OuterUpdate<float>(plan);
        var slot = new ComputeSlot<float>();
        var state = OuterState<float>.Initial(plan);
        PairState<float>[] pairs = [.. Blocks.Select(block => new PairState<float>(plan, block))];
        _entries.Add(
            new Entry(state, state.Theta.HashText(), "", double.NaN, [.. pairs.Select(_ => Array.Empty<byte>())]));
        for (var step = 0; step < steps; step++)
        {
            PairContribution<float>[] parts = [.. pairs.Select(pair => pair.RunWindow(state.Theta, slot))];
            var result = update.Apply(state, parts);
            state = result.State;
            _entries.Add(new Entry(
                state,
                state.Theta.HashText(),
                StepFacts.HashContributions(parts),
                result.MeanLoss,
                [.. pairs.Select(pair => pair.Save())]));
        }

        Array.ForEach(pairs, pair => pair.Dispose());
    }

    public TrainingPlan<float> Plan { get; }

    public IReadOnlyList<PairBlock> Blocks { get; }

    public int Steps => _entries.Count - 1;

    public string ThetaHash(long step) => _entries[(int)step].ThetaHash;

    public string ContributionsHash(long step) => _entries[(int)step].ContributionsHash;

    /// <summary>Whether these are the pairs' states after a step, or, before the first, none.</summary>
    public bool IsState(long step, PairBlock block, ReadOnlySpan<byte> state) =>
        state.SequenceEqual(_entries[(int)step].States[Blocks.ToList().IndexOf(block)]);

    public bool Is(Checkpoint checkpoint)
    {
        var entry = _entries[(int)checkpoint.Step];
        return checkpoint.State.Theta.HashText() == entry.ThetaHash
            && checkpoint.State.MetaOptimizer.Span.SequenceEqual(entry.State.MetaOptimizer.Span)
            && checkpoint.MeanLoss.Equals(entry.MeanLoss)
            && checkpoint.Pairs.Select(pair => pair.Block).SequenceEqual(Blocks)
            && checkpoint.Pairs.All(pair => IsState(checkpoint.Step, pair.Block, pair.State.Span));
    }

    private sealed record Entry(
        OuterState<float> State, string ThetaHash, string ContributionsHash, double MeanLoss, byte[][] States);
}
