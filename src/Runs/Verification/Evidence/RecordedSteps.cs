using Involute.Runs.Ledger;

namespace Involute.Runs.Verification.Evidence;

/// <summary>What the ledger says of each step, in 88 bytes a step: runs have millions.</summary>
internal sealed class RecordedSteps
{
    // Small enough that growing costs little more memory than is used.
    private const int PageSteps = 1 << 14;

    private readonly List<Facts[]> _pages = [];
    private readonly Dictionary<long, int> _strays = [];
    private long _first;

    public int Count { get; private set; }

    /// <summary>Keeps the first record of each step.</summary>
    public void Add(StepRecorded step, long sequence)
    {
        if (PlaceOf(step.Step) is not null)
        {
            return;
        }

        _first = Count == 0 ? step.Step : _first;
        if (step.Step != _first + Count)
        {
            _strays[step.Step] = Count;
        }

        if (Count % PageSteps == 0)
        {
            _pages.Add(new Facts[PageSteps]);
        }

        _pages[Count / PageSteps][Count % PageSteps] = new Facts(
            step.Step, Sha256Value.Of(step.ThetaSha256), Sha256Value.Of(step.ContributionsSha256), step.MeanLoss, sequence);
        Count++;
    }

    /// <summary>What is recorded of a step; null if nothing is.</summary>
    public RecordedStep? Find(long step)
    {
        if (PlaceOf(step) is not { } place)
        {
            return null;
        }

        var facts = At(place);
        return new RecordedStep(facts.Theta.ToString(), facts.Contributions.ToString(), facts.MeanLoss, facts.Sequence);
    }

    /// <summary>Whether anything is recorded of a step.</summary>
    public bool Has(long step) => PlaceOf(step) is not null;

    // Steps stand one after the other, but for those of a damaged ledger.
    private int? PlaceOf(long step) =>
        step >= _first && step - _first < Count && At((int)(step - _first)).Step == step ? (int)(step - _first)
        : _strays.TryGetValue(step, out var place) ? place
        : null;

    private ref readonly Facts At(int place) => ref _pages[place / PageSteps][place % PageSteps];

    private readonly record struct Facts(
        long Step, Sha256Value Theta, Sha256Value Contributions, double MeanLoss, long Sequence);
}

/// <summary>One recorded step.</summary>
/// <param name="ThetaSha256">Hash of theta after it.</param>
/// <param name="ContributionsSha256">Hash of all its contributions.</param>
/// <param name="MeanLoss">Mean meta-loss.</param>
/// <param name="Sequence">Its place in the ledger.</param>
internal sealed record RecordedStep(string ThetaSha256, string ContributionsSha256, double MeanLoss, long Sequence);
