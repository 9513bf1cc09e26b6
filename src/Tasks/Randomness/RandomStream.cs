namespace Involute.Tasks.Randomness;

/// <summary>What a random number is used for; the low byte of the last counter word keeps the uses apart.</summary>
/// <remarks>The numbers are part of a run's identity: never renumber, only append.</remarks>
public enum RandomStream : byte
{
    /// <summary>Which task of a family a trajectory trains.</summary>
    TaskSample = 1,

    /// <summary>Initial inner parameters of a trajectory.</summary>
    ParameterInitialisation = 2,

    /// <summary>Horizon of a trajectory.</summary>
    Horizon = 3,

    /// <summary>Where in its first trajectory a pair starts to count.</summary>
    InitialOffset = 4,

    /// <summary>Order of the training examples within an epoch.</summary>
    DataOrder = 5,

    /// <summary>Order of the examples that a meta-loss on another batch uses.</summary>
    MetaDataOrder = 6,

    /// <summary>Order of the examples of an evaluation.</summary>
    EvaluationDataOrder = 7,

    /// <summary>Noise inside an inner step (dropout, gradient noise, simulated noise).</summary>
    InnerNoise = 8,

    /// <summary>Perturbation of theta that is drawn anew for each window (PES, truncated ES, FullES).</summary>
    WindowPerturbation = 9,

    /// <summary>Perturbation of theta that lasts for a stretch of a trajectory (NRES, GPES).</summary>
    StretchPerturbation = 10,

    /// <summary>Initial theta.</summary>
    ThetaInitialisation = 11,

    /// <summary>Where in a trajectory a pair stands after a long time.</summary>
    StationaryPlace = 12,
}
