// What all kernels share. The other files follow this one in one text, which NVRTC compiles without any header. RESIDUAL is the type of the
// residual stream and the weights, STORED that of what feeds matrix products: float or bfloat16. Sums are float.

struct bfloat16 { unsigned short bits; };

__device__ inline float value(float x) { return x; }

__device__ inline float value(bfloat16 x) { return __uint_as_float((unsigned int)x.bits << 16); }

__device__ inline void set(float& to, float x) { to = x; }

// Rounds to the nearest, ties to even.
__device__ inline void set(bfloat16& to, float x) {
    unsigned int bits = __float_as_uint(x);
    bool is_nan = (bits & 0x7fffffff) > 0x7f800000;
    to.bits = is_nan ? 0x7fff : (unsigned short)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

// Values move in groups of eight.
template <typename T> struct alignas(16) Eight { T at[8]; };

template <typename T> __device__ inline void load(const T* from, float (&to)[8]) {
    Eight<T> group = *(const Eight<T>*)from;
    for (int k = 0; k < 8; k++) to[k] = value(group.at[k]);
}

template <typename T> __device__ inline void store(const float (&from)[8], T* to) {
    Eight<T> group;
    for (int k = 0; k < 8; k++) set(group.at[k], from[k]);
    *(Eight<T>*)to = group;
}

__device__ inline float warp_sum(float x) {
    for (int step = 16; step > 0; step >>= 1) x += __shfl_xor_sync(0xffffffff, x, step);
    return x;
}
