using static Involute.Actors.Nodes.NodeProtocol;
using static Involute.Actors.Pairs.PairProtocol;

namespace Involute.Actors.Wire;

/// <summary>About how many bytes a message takes on the wire, without writing it.</summary>
internal static class WireSize
{
    // Names, numbers and lengths around the vectors; generous.
    private const long Fields = 1024;
    private const long Report = 64;

    /// <summary>An upper bound for everything but texts of unusual length.</summary>
    public static long Of(IWireMessage message) => Fields + message switch
    {
        ThetaPublished theta => Floats(theta.Theta.Values.Length),
        PlaceBlocks place => place.Blocks.Sum(block => Fields + block.State.Length)
            + place.Thetas.Sum(theta => Fields + Floats(theta.Values.Length)),
        WindowsAdvanced windows => windows.Windows.Sum(Of),
        StateSaved saved => saved.State.Length,
        MessageChunk chunk => chunk.Bytes.Length,
        RunOffered offer => 4L * offer.Configuration.Length,
        StepReminder reminder => 16L * reminder.Awaited.Count,
        _ => 0,
    };

    /// <summary>The same for a part of a message.</summary>
    public static long Of(WindowAdvanced window) =>
        Floats(window.Contribution.Gradient.Length) + (Report * (1 + window.Contribution.Reports.Count)) + window.State.Length;

    private static long Floats(int count) => (long)count * sizeof(float);
}
