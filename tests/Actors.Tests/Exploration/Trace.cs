using System.Text;
using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using static Involute.Actors.Protocol.LedgerProtocol;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>The last events of a simulation; formatted only when they are read.</summary>
internal sealed class Trace
{
    private const int Kept = 120;

    private readonly Queue<(int Turn, string What, object? First, object? Second, object? Third)> _events = new();
    private string _last = "";

    public int Turn { get; set; }

    public void Note(string what, object? first = null, object? second = null, object? third = null)
    {
        if (first is null && what == _last)
        {
            return;
        }

        _last = what;
        _events.Enqueue((Turn, what, first, second, third));
        if (_events.Count > Kept)
        {
            _events.Dequeue();
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (turn, what, first, second, third) in _events)
        {
            text.AppendLine($"  {turn,5} {what} {Words(first)} {Words(second)} {Words(third)}".TrimEnd());
        }

        return text.ToString();
    }

    /// <summary>A message in a few words.</summary>
    public static string Words(object? thing) => thing switch
    {
        null => "",
        PlaceBlocks it => $"PlaceBlocks {string.Join(" ", it.Blocks.Select(block => $"{Words(block.Block)}/{block.Attempt}"))} state {it.Version} +{it.Thetas.Count}",
        WindowsAdvanced it => string.Join(" ", it.Windows.Select(Words)),
        PlaceBlock it => $"PlaceBlock {Words(it.Block)} attempt {it.Attempt} state {it.Version} +{it.Thetas.Count}",
        ReleaseBlock it => $"ReleaseBlock {Words(it.Block)} attempt {it.Attempt}",
        ThetaPublished it => $"ThetaPublished {it.Theta.Version}{(it.AttachState ? " with states" : "")}",
        SaveState it => $"SaveState {Words(it.Block)} {it.Version}",
        StepReminder it => $"StepReminder {it.Version}: {string.Join(" ", it.Awaited.Select(placed => $"{Words(placed.Block)}/{placed.Attempt}"))}",
        ThetaMissing it => $"ThetaMissing {it.Version}",
        RepeatAnswer it => $"RepeatAnswer {it.Version}",
        BlockMissing it => $"BlockMissing {Words(it.Block)} attempt {it.Attempt} at {it.Version}",
        BlockFailed it => $"BlockFailed {Words(it.Block)} attempt {it.Attempt} at {it.Version}: {it.Error}",
        BlockLost it => $"BlockLost {Words(it.Block)} attempt {it.Attempt} at {it.Version}",
        WindowAdvanced it => $"WindowAdvanced {Words(it.Contribution.Block)} attempt {it.Attempt} theta {it.Contribution.Version}",
        StateSaved it => $"StateSaved {Words(it.Block)} attempt {it.Attempt} at {it.Version}",
        Recovered it => $"Recovered epoch {it.Epoch}, checkpoint {it.Checkpoint?.Step}, ledger {it.LastStep}",
        IWireMessage it => it.GetType().Name,
        PairBlock it => $"[{it.First}..{it.First + it.Count - 1}]",
        _ => thing.ToString() ?? "",
    };
}
