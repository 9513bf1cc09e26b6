using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Involute.Torch;

/// <summary>Where tensors are: the processor, or one of NVIDIA's cards.</summary>
/// <param name="Card">Number of the card, from 0; null for the processor.</param>
internal readonly partial record struct TorchDevice(int? Card)
{
    /// <summary>What the configuration may name.</summary>
    public const string Allowed = "cpu, cuda:0, cuda:1, and so on";

    /// <summary>The processor.</summary>
    public static TorchDevice Cpu { get; } = new(null);

    /// <summary>The device of a name; null if it names none.</summary>
    public static TorchDevice? Parse(string name) =>
        name == "cpu" ? Cpu
        : CardName().Match(name) is { Success: true } card
            ? new TorchDevice(int.Parse(card.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
        : null;

    /// <summary>As libtorch has it. Loads what it needs.</summary>
    /// <exception cref="Native.TorchUnavailableException">It cannot be used here; the message says why.</exception>
    public Device Ready()
    {
        if (Card is not { } card)
        {
            TorchRuntime.Ensure();
            return CPU;
        }

        TorchRuntime.EnsureCard(card);
        return device(TorchSharp.DeviceType.CUDA, card);
    }

    /// <summary>As the configuration names it.</summary>
    public override string ToString() => Card is { } card ? $"cuda:{card.ToString(CultureInfo.InvariantCulture)}" : "cpu";

    [GeneratedRegex(@"^cuda:(0|[1-9][0-9]{0,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex CardName();
}
