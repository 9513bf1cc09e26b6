using System.Runtime.InteropServices;
using Involute.Torch.Native;
using TorchSharp;

namespace Involute.Torch;

/// <summary>Brings libtorch into the process; touch nothing of TorchSharp before <see cref="Ensure"/>.</summary>
/// <remarks>
/// TorchSharp's own search copies half a gigabyte next to the program when it fails. So it is never left to search: the
/// libraries are in the process, and a resolver answers with them, before its first type is initialised.
/// </remarks>
public static class TorchRuntime
{
    // Lazy keeps an exception too: a second attempt in the same process would find half of the libraries loaded.
    private static readonly Lazy<Version> Loaded = new(Load);
    private static readonly Lazy<int> Cards = new(LoadCards);

    /// <summary>Whether there is a libtorch for this operating system and processor.</summary>
    public static bool IsSupportedPlatform => NativePlatform.Current is not null;

    /// <summary>Whether freed blocks of memory stay in the process, which large tensors need to be fast.</summary>
    internal static bool KeepsLargeBlocks { get; private set; }

    /// <summary>Version of the loaded libtorch. Loads it.</summary>
    /// <exception cref="TorchUnavailableException">It cannot be loaded.</exception>
    public static Version LibtorchVersion => Loaded.Value;

    /// <summary>
    /// Whether several threads may use TorchSharp at once; where not, one thread at a time. Loads it.
    /// </summary>
    /// <remarks>
    /// TorchSharp lets the garbage collector free numbers that native calls still read. Where the loader cannot cure it
    /// (it can on Linux on x64, unless the system forbids to change code), <c>a + b</c> may fail beside another thread.
    /// </remarks>
    /// <exception cref="TorchUnavailableException">It cannot be loaded.</exception>
    public static bool AllowsThreads
    {
        get
        {
            Ensure();
            return TorchLibraries.KeepsScalars;
        }
    }

    /// <summary>Loads libtorch and limits it to one thread. Cheap after the first call, from any thread.</summary>
    /// <exception cref="TorchUnavailableException">It cannot be loaded; the same for every later call.</exception>
    public static void Ensure() => _ = Loaded.Value;

    /// <summary>Loads what computes on NVIDIA's cards. Cheap after the first call, from any thread.</summary>
    /// <param name="number">Number of the card, from 0.</param>
    /// <exception cref="TorchUnavailableException">It cannot be used here; the message says why.</exception>
    internal static void EnsureCard(int number) => RequireCard(number, Cards.Value);

    /// <summary>What decides the bits of torch's numbers on a device. Loads what it needs.</summary>
    /// <exception cref="TorchUnavailableException">It cannot be used here.</exception>
    internal static string ArithmeticOf(TorchDevice device)
    {
        device.Ready();
        var processor = ProcessorRoutines.Describe(Loaded.Value);
        return device.Card is { } card ? $"{processor}, {CudaLibraries.CardName(card)}" : processor;
    }

    /// <summary>Refuses a card that is not there.</summary>
    internal static void RequireCard(int number, int count)
    {
        if (number >= count)
        {
            throw new TorchUnavailableException(
                $"involute.torch.device = cuda:{number}: there is no such card; allowed: "
                    + string.Join(", ", Enumerable.Range(0, count).Select(card => $"cuda:{card}").Prepend("cpu")));
        }
    }

    private static int LoadCards()
    {
        Ensure();
        return Loading("libtorch's part for CUDA", () => CudaLibraries.Load(NativePlatform.Current!));
    }

    private static Version Load()
    {
        var platform = NativePlatform.Current ?? throw new TorchUnavailableException(
            $"libtorch does not exist for {RuntimeInformation.RuntimeIdentifier}; it does for " +
            string.Join(", ", NativePlatform.All.Select(known => known.Name)));
        return Loading("libtorch", () =>
        {
            SingleThread.SetEnvironment();
            KeepsLargeBlocks = LargeBlocks.Keep();
            var version = AbruptEnd.Of(() => TorchLibraries.Load(platform));
            Initialise();
            return version;
        });
    }

    private static T Loading<T>(string what, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception problem) when (problem is DllNotFoundException or BadImageFormatException or IOException
            or EntryPointNotFoundException or UnauthorizedAccessException or TypeInitializationException)
        {
            var cause = problem is TypeInitializationException { InnerException: { } inner } ? inner : problem;
            throw new TorchUnavailableException($"{what} cannot be loaded: {cause.Message}", problem);
        }
    }

    // A method of its own: compiling it is what first needs TorchSharp's types.
    private static void Initialise()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        torch.set_num_threads(1);
    }
}
