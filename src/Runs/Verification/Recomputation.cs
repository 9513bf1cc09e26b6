using System.Runtime.ExceptionServices;
using Involute.Estimators;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;

namespace Involute.Runs.Verification;

/// <summary>
/// A run recomputed without actors, from its start or a checkpoint: what <see cref="SequentialTrainer{T}"/> does, with
/// the blocks of a step side by side, which changes no bit.
/// </summary>
internal sealed class Recomputation : IDisposable
{
    private readonly TrainingPlan<float> _plan;
    private readonly OuterUpdate<float> _update;
    private readonly PairState<float>[] _blocks;
    private readonly ComputeSlots<float> _slots = new();
    private readonly ParallelOptions _parallel;
    private readonly Func<long, IMetaOptimizer<float>> _optimizers;

    /// <summary>A run before its first step.</summary>
    /// <param name="plan">Everything that decides theta.</param>
    /// <param name="threads">Blocks that are computed side by side.</param>
    /// <param name="optimizers">The meta-optimizer of each step, where settings have changed; null for the plan's.</param>
    public Recomputation(
        TrainingPlan<float> plan, int threads, Func<long, IMetaOptimizer<float>>? optimizers = null)
    {
        _optimizers = optimizers ?? (_ => plan.MetaOptimizer);
        _plan = plan;
        _update = new OuterUpdate<float>(plan);
        _blocks = [.. plan.Blocks().Select(block => new PairState<float>(plan, block))];
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        State = OuterState<float>.Initial(plan);
    }

    /// <summary>Theta and the meta-optimizer's memory.</summary>
    public OuterState<float> State { get; private set; }

    /// <summary>The outer steps that it has had.</summary>
    public long Step => State.Theta.Version.Value;

    /// <summary>Goes on from a checkpoint instead of the start.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="load">Loads states that stand in parts.</param>
    /// <exception cref="InvalidDataException">It does not fit the plan.</exception>
    public void Load(Checkpoint checkpoint, Func<StateGroup, IReadOnlyList<PairSnapshot>> load)
    {
        Require(checkpoint.State.Theta.Values.Length, State.Theta.Values.Length, "values of theta");
        Require(checkpoint.State.MetaOptimizer.Length, State.MetaOptimizer.Length, "numbers of the meta-optimizer");
        Require(checkpoint.Pairs.Count, _blocks.Length, "blocks of pairs");
        foreach (var (block, saved) in _blocks.Zip(checkpoint.LoadedPairs(load)))
        {
            block.Load(saved.State.Span);
        }

        State = checkpoint.StateIn(_plan);
    }

    /// <summary>Does one outer step.</summary>
    /// <returns>What the ledger is told of such a step.</returns>
    public StepFacts Advance()
    {
        var contributions = Contributions();
        var result = _update.Apply(State, contributions, _optimizers(Step + 1));
        State = result.State;
        return StepFacts.Of(result, contributions);
    }

    /// <summary>The state of every block, one after the other: together they may be large.</summary>
    public IEnumerable<PairSnapshot> Save() => _blocks.Select(block => new PairSnapshot(block.Block, block.Save()));

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_blocks, block => block.Dispose());

    private PairContribution<float>[] Contributions()
    {
        var contributions = new PairContribution<float>[_blocks.Length];
        try
        {
            Parallel.For(0, _blocks.Length, _parallel, i =>
            {
                var slot = _slots.Rent();
                contributions[i] = _blocks[i].RunWindow(State.Theta, slot);
                _slots.Return(slot);
            });
        }
        catch (AggregateException several)
        {
            // One block's failure says it all: "one or more errors occurred" does not.
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return contributions;
    }

    private static void Require(int found, int expected, string what)
    {
        if (found != expected)
        {
            throw new InvalidDataException($"{found} {what}, but {expected} by the configuration");
        }
    }
}
