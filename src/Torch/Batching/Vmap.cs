using System.Runtime.InteropServices;
using Involute.Torch.Native;
using static TorchSharp.torch;

namespace Involute.Torch.Batching;

/// <summary>
/// functorch's vmap: a function that is written for one lane runs once for all lanes. libtorch exports it, TorchSharp
/// does not bind it.
/// </summary>
/// <remarks>
/// The calls follow the C++ calling convention of libtorch's Linux build on x64, whose version the loader checks. One
/// layer is kept for each thread and number of lanes: making a layer leaks some hundred bytes in libtorch. Random
/// numbers inside the function are refused.
/// </remarks>
internal static unsafe class Vmap
{
    // at::functorch::TransformType::Vmap.
    private const int Transform = 1;

    // std::optional<RandomnessType> with the value Error: four bytes of value, then the flag.
    private const long RefuseRandomness = 1L << 32;

    // at::functorch::DynamicLayer is smaller.
    private const int LayerBytes = 512;

    private static readonly Lazy<Functions?> Found = new(Functions.Find);

    [ThreadStatic]
    private static Dictionary<long, (nint Layer, long Level)>? _layers;

    /// <summary>Whether this libtorch offers it. Loads libtorch.</summary>
    /// <exception cref="TorchUnavailableException">It cannot be loaded.</exception>
    public static bool IsSupported => Found.Value is not null;

    /// <summary>Runs a function of one lane for all lanes.</summary>
    /// <param name="single">Takes the arguments without their first dimension, returns a tensor that depends on one at
    /// least.</param>
    /// <param name="stacked">Arguments, each [lanes, …].</param>
    /// <returns>[lanes, …]</returns>
    /// <exception cref="PlatformNotSupportedException">This libtorch does not offer it.</exception>
    /// <exception cref="InvalidOperationException">The result does not depend on the lane.</exception>
    public static Tensor Run(Func<Tensor[], Tensor> single, IReadOnlyList<Tensor> stacked)
    {
        var functions = Found.Value
            ?? throw new PlatformNotSupportedException("this libtorch has no vmap that can be called");
        var level = Enter(functions, stacked[0].shape[0], out var layer);
        var inside = new Tensor[stacked.Count];
        try
        {
            for (var i = 0; i < inside.Length; i++)
            {
                inside[i] = functions.AddLaneDimension(stacked[i], level);
            }

            using var result = single(inside);
            return functions.TakeLaneDimension(result, level);
        }
        finally
        {
            foreach (var tensor in inside)
            {
                tensor?.Dispose();
            }

            functions.Pop(layer);
        }
    }

    private static long Enter(Functions functions, long lanes, out nint layer)
    {
        var layers = _layers ??= [];
        if (layers.TryGetValue(lanes, out var kept))
        {
            layer = kept.Layer;
            functions.PushAgain(layer);
            return kept.Level;
        }

        // std::optional<SymInt>: the value, then the flag.
        var size = stackalloc long[2] { lanes, 1 };
        layer = (nint)NativeMemory.AllocZeroed(LayerBytes);
        var level = functions.Push(Transform, (nint)size, RefuseRandomness, 0, 0, 0);
        layers[lanes] = (layer, level);
        return level;
    }

    private sealed class Functions
    {
        public required delegate* unmanaged<int, nint, long, short, short, short, long> Push { get; init; }

        public required delegate* unmanaged<nint, nint> PopInto { get; init; }

        public required delegate* unmanaged<nint, long> PushAgainFrom { get; init; }

        public required delegate* unmanaged<nint, nint, long, long, nint> Add { get; init; }

        public required delegate* unmanaged<nint, nint, long, nint> Unwrap { get; init; }

        public static Functions? Find()
        {
            TorchRuntime.Ensure();
            var library = TorchLibraries.TorchCpu;
            if (NativePlatform.Current?.Name != "linux-x64"
                || !NativeLibrary.TryGetExport(
                    library,
                    "_ZN2at9functorch23initAndPushDynamicLayerENS0_13TransformTypeESt8optionalIN3c106SymIntEES2_INS0_14Rand"
                        + "omnessTypeEES2_IbES8_S8_",
                    out var push)
                || !NativeLibrary.TryGetExport(library, "_ZN2at9functorch15popDynamicLayerEv", out var pop)
                || !NativeLibrary.TryGetExport(
                    library, "_ZN2at9functorch16pushDynamicLayerEONS0_12DynamicLayerE", out var again)
                || !NativeLibrary.TryGetExport(library, "_ZN2at9functorch11addBatchDimENS_6TensorEll", out var add)
                || !NativeLibrary.TryGetExport(
                    library, "_ZN2at9functorch19unwrapTensorAtLevelERKNS_6TensorEl", out var unwrap))
            {
                return null;
            }

            return new Functions
            {
                Push = (delegate* unmanaged<int, nint, long, short, short, short, long>)push,
                PopInto = (delegate* unmanaged<nint, nint>)pop,
                PushAgainFrom = (delegate* unmanaged<nint, long>)again,
                Add = (delegate* unmanaged<nint, nint, long, long, nint>)add,
                Unwrap = (delegate* unmanaged<nint, nint, long, nint>)unwrap,
            };
        }

        public void Pop(nint layer) => PopInto(layer);

        public void PushAgain(nint layer) => PushAgainFrom(layer);

        // A tensor by value is a hidden reference to a copy, which the caller destroys.
        public Tensor AddLaneDimension(Tensor tensor, long level)
        {
            using var copy = tensor.alias();
            nint inner = 0;
            Add((nint)(&inner), copy.Handle, 0, level);
            GC.KeepAlive(copy);
            return Own(inner);
        }

        // std::tuple<Tensor, std::optional<long>>, which libstdc++ lays out backwards: value, flag, tensor.
        public Tensor TakeLaneDimension(Tensor result, long level)
        {
            var tuple = stackalloc long[4];
            Unwrap((nint)tuple, result.Handle, level);
            GC.KeepAlive(result);
            var own = Own((nint)tuple[2]);
            if ((byte)tuple[1] != 0 && tuple[0] == 0)
            {
                return own;
            }

            own.Dispose();
            throw new InvalidOperationException("the loss does not depend on the parameters");
        }

        // at::Tensor is one pointer; TorchSharp's handle is an at::Tensor on the heap, which operator new takes from
        // malloc.
        private static Tensor Own(nint inner)
        {
            var box = (nint*)NativeMemory.Alloc((nuint)sizeof(nint));
            *box = inner;
            return Tensor.UnsafeCreateTensor((nint)box);
        }
    }
}
