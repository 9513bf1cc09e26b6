using System.Collections.Concurrent;
using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>Scratch of one thread for the time of one window. Grows to what is asked for and is reused.</summary>
public sealed class ComputeSlot<T>
    where T : struct, IFloatingPointIeee754<T>
{
    // Half a megabyte of doubles: as much as a second-level cache has room for beside the lanes.
    private const int KeptNumbers = 1 << 16;

    private readonly List<Perturbation<T>> _perturbations = [];
    private T[] _thetas = [];
    private double[] _gradient = [];
    private StepLoss[] _losses = [];
    private double[] _normalised = [];

    /// <summary>What the next call of an unroll takes.</summary>
    internal UnrollCall Call { get; } = new();

    /// <summary>Perturbed thetas of all arms of a block. Those that are there stay when the slot grows.</summary>
    public Span<T> Thetas(int length)
    {
        if (_thetas.Length < length)
        {
            Array.Resize(ref _thetas, length);
        }

        return _thetas.AsSpan(0, length);
    }

    /// <summary>Keeps the last perturbation of a place; places behind the first 65,536 numbers share one.</summary>
    /// <param name="place">A pair of the block, or what follows the pairs where one has several in a window.</param>
    /// <param name="length">Theta's length.</param>
    public Perturbation<T> Perturbation(int place, int length)
    {
        place = Math.Min(place, KeptNumbers / length);
        while (_perturbations.Count <= place)
        {
            _perturbations.Add(new Perturbation<T>());
        }

        return _perturbations[place];
    }

    /// <summary>A block's gradient sum, zeroed.</summary>
    public Span<double> Gradient(int length)
    {
        var gradient = Sized(ref _gradient, length);
        gradient.Clear();
        return gradient;
    }

    /// <summary>Losses of one call of an unroll.</summary>
    public Span<StepLoss> Losses(int length) => Sized(ref _losses, length);

    /// <summary>Normalised losses of one segment.</summary>
    internal Span<double> Normalised(int length) => Sized(ref _normalised, length);

    private static Span<TItem> Sized<TItem>(ref TItem[] array, int length)
    {
        if (array.Length < length)
        {
            array = new TItem[length];
        }

        return array.AsSpan(0, length);
    }
}

/// <summary>The idle slots of a process: never more than windows that ran at once.</summary>
public sealed class ComputeSlots<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly ConcurrentBag<ComputeSlot<T>> _idle = [];

    /// <summary>Takes a slot for the time of one window.</summary>
    public ComputeSlot<T> Rent() => _idle.TryTake(out var slot) ? slot : new ComputeSlot<T>();

    /// <summary>Gives a slot back.</summary>
    public void Return(ComputeSlot<T> slot) => _idle.Add(slot);
}
