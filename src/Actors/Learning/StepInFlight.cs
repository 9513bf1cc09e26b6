using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Learning;

/// <summary>
/// One outer step, from its theta to the next: the windows that have come, in pair order when all have.
/// </summary>
/// <param name="settings">The run's.</param>
/// <param name="blocks">Number of blocks.</param>
/// <param name="changing">The settings over the steps.</param>
internal sealed class StepInFlight(LearnerSettings settings, int blocks, ChangingSettings changing)
{
    private readonly OuterUpdate<float> _update = new(settings.Plan);
    private readonly BlockSet<WindowAdvanced> _windows = new(blocks);
    private readonly HashSet<int> _doubted = [];
    private readonly UsualTime _time = new(settings.Time);

    /// <summary>What the nodes are told; null before the first step.</summary>
    public ThetaPublished? Theta { get; private set; }

    /// <summary>What a step usually takes.</summary>
    public TimeSpan Usual => _time.Shorter;

    /// <summary>Whether every block has answered.</summary>
    public bool IsComplete => _windows.IsComplete;

    /// <summary>
    /// Every block's state after the step, in pair order; only when complete, and if it was asked for.
    /// </summary>
    public IReadOnlyList<PairSnapshot> States =>
        [.. _windows.InOrder.Select(answer => new PairSnapshot(answer.Contribution.Block, answer.State))];

    /// <summary>The next step begins.</summary>
    /// <param name="theta">Its theta.</param>
    /// <param name="attachState">Whether the pairs send their states.</param>
    public ThetaPublished Begin(Theta<float> theta, bool attachState)
    {
        _windows.Clear();
        _doubted.Clear();
        _time.Begin();
        settings.Trace.Begin(theta.Version.Next.Value);
        return Theta = new ThetaPublished(settings.RunId, theta, attachState);
    }

    /// <summary>Whether a block has answered.</summary>
    public bool Has(int block) => _windows.Has(block);

    /// <summary>A block's answer is doubted; false if one was in this step: what two nodes say is believed.</summary>
    public bool Doubt(int block) => _doubted.Add(block);

    /// <summary>Takes the first answer of each block; false for any later one.</summary>
    public bool Offer(int block, WindowAdvanced answer) => _windows.Offer(block, answer);

    /// <summary>Adds the contributions in pair order, and updates theta; only when complete.</summary>
    /// <param name="state">Theta and the meta-optimizer before the step.</param>
    /// <param name="placements">Who has computed it.</param>
    /// <param name="discarded">Answers that were not needed.</param>
    public CompleteStep Apply(OuterState<float> state, Placements placements, long discarded)
    {
        _time.End();
        var step = state.Theta.Version.Next.Value;
        settings.Trace.Complete();
        PairContribution<float>[] contributions = [.. _windows.InOrder.Select(answer => answer.Contribution)];
        var result = _update.Apply(state, contributions, changing.OptimizerOf(step));
        settings.Trace.Updated();
        return new CompleteStep(
            result,
            new StepCourse(
                contributions,
                [.. _windows.InOrder.Select((answer, block) => new BlockWindow(placements.NodeOf(block), answer.Took))],
                placements.Threads,
                discarded,
                placements.Restarts)
            {
                MetaLearningRate = changing.LearningRateOf(step),
            });
    }
}

/// <summary>One thing of each block, collected in any order and read in pair order.</summary>
internal sealed class BlockSet<T>(int blocks)
    where T : notnull
{
    private readonly T[] _items = new T[blocks];
    private readonly bool[] _present = new bool[blocks];
    private int _count;

    public bool IsComplete => _count == _items.Length;

    /// <summary>In pair order; only when complete.</summary>
    public IReadOnlyList<T> InOrder =>
        IsComplete ? [.. _items] : throw new InvalidOperationException($"{_count} of {_items.Length} blocks");

    public bool Has(int block) => _present[block];

    public void Clear()
    {
        Array.Clear(_items);
        Array.Clear(_present);
        _count = 0;
    }

    /// <summary>Takes the first of each block; false for any later one.</summary>
    public bool Offer(int block, T item)
    {
        if (_present[block])
        {
            return false;
        }

        _items[block] = item;
        _present[block] = true;
        _count++;
        return true;
    }
}
