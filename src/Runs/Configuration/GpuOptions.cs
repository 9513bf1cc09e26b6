using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>What computes the windows of this process: the processor, or a device beside it.</summary>
public sealed record GpuOptions
{
    /// <summary>The word for no device.</summary>
    public const string NoDevice = "none";

    /// <summary>
    /// Pairs that an actor of a new run with a device has, if there are as many and nothing else is set: 32,768 lanes, in
    /// which each of some hundred places of a large card has more than one turn.
    /// </summary>
    public const int PairsPerActor = 16_384;

    /// <summary>The device; <see cref="NoDevice"/> for the processor.</summary>
    [Option(
        "What computes the windows: none for the processor, \"cuda:0\" for the first card of NVIDIA's, cpu for the processor in the "
        + "place of a card, which is for tests. The numbers are the same; a start checks that they are. Of this process and of "
        + "workers that it starts; others have --device. 'involute list devices' says what there is.",
        MayChange = true, WhenMissing = "none")]
    public string Device { get; init; } = NoDevice;

    /// <summary>Whether there is one.</summary>
    internal bool HasDevice => Device != NoDevice;

    /// <summary>Whether a text is the name of a device, or the word for none.</summary>
    internal static bool IsName(string text) =>
        text is NoDevice or "cpu"
        || (text.StartsWith("cuda:", StringComparison.Ordinal) && text.Length is > 5 and < 9 && text[5..].All(char.IsAsciiDigit));
}
