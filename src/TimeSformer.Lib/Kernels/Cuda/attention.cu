// Attention within short sequences (paper, equations 5 to 7), straight on the output of the qkv product: (S, LENGTH, 3, HEADS, HEAD) to
// (S, LENGTH, HEADS, HEAD). HEAD is a multiple of 8. A warp computes one head of one sequence in shared memory; WARPS of them are a block.

#define PITCH (HEAD + 1)                       // the banks of a column's values differ
#define PAIRS (LENGTH * LENGTH)
#define VALUES (LENGTH * HEAD / 8)             // groups of eight

// One of queries, keys and values (which = 0, 1, 2 of 3), or of attended values (0 of 1).
__device__ inline long long place(long long unit, int row, int c, int which, int of) {
    long long sequence = unit / HEADS, head = unit % HEADS;
    return (((sequence * LENGTH + row) * of + which) * HEADS + head) * HEAD + c;
}

__device__ inline void fetch(const STORED* from, long long unit, int which, int of, float (&to)[LENGTH][PITCH]) {
    for (int e = threadIdx.x % 32; e < VALUES; e += 32) {
        int row = e * 8 / HEAD, c = e * 8 % HEAD;
        float group[8];
        load(from + place(unit, row, c, which, of), group);
        for (int k = 0; k < 8; k++) to[row][c + k] = group[k];
    }
}

// Sums over the rows j of x, weighted by weights[i][j] or, if transposed, weights[j][i].
__device__ inline void put(
    const float (&weights)[LENGTH][LENGTH], bool transposed, const float (&x)[LENGTH][PITCH], STORED* to, long long unit, int which,
    int of) {
    for (int e = threadIdx.x % 32; e < VALUES; e += 32) {
        int i = e * 8 / HEAD, c = e * 8 % HEAD;
        float sum[8] = {};
        for (int j = 0; j < LENGTH; j++) {
            float weight = transposed ? weights[j][i] : weights[i][j];
            for (int k = 0; k < 8; k++) sum[k] += weight * x[j][c + k];
        }
        store(sum, to + place(unit, i, c, which, of));
    }
}

__device__ inline float dot(const float (&x)[PITCH], const float (&y)[PITCH]) {
    float sum = 0;
    for (int c = 0; c < HEAD; c++) sum += x[c] * y[c];
    return sum;
}

// softmax(q·k / sqrt(HEAD)) of each row.
__device__ inline void attend(const float (&q)[LENGTH][PITCH], const float (&k)[LENGTH][PITCH], float (&weights)[LENGTH][LENGTH]) {
    int lane = threadIdx.x % 32;
    for (int e = lane; e < PAIRS; e += 32) weights[e / LENGTH][e % LENGTH] = dot(q[e / LENGTH], k[e % LENGTH]) * rsqrtf(HEAD);
    __syncwarp();
    for (int i = lane; i < LENGTH; i += 32) {
        float most = weights[i][0], sum = 0;
        for (int j = 1; j < LENGTH; j++) most = fmaxf(most, weights[i][j]);
        for (int j = 0; j < LENGTH; j++) sum += weights[i][j] = expf(weights[i][j] - most);
        for (int j = 0; j < LENGTH; j++) weights[i][j] /= sum;
    }
    __syncwarp();
}

extern "C" __global__ void attention_forward(const STORED* qkv, STORED* attended, long long sequences) {
    __shared__ float q[WARPS][LENGTH][PITCH], k[WARPS][LENGTH][PITCH], v[WARPS][LENGTH][PITCH], p[WARPS][LENGTH][LENGTH];
    int warp = threadIdx.x / 32;
    long long unit = (long long)blockIdx.x * WARPS + warp;
    if (unit >= sequences * HEADS) return;
    fetch(qkv, unit, 0, 3, q[warp]);
    fetch(qkv, unit, 1, 3, k[warp]);
    fetch(qkv, unit, 2, 3, v[warp]);
    __syncwarp();
    attend(q[warp], k[warp], p[warp]);
    put(p[warp], false, v[warp], attended, unit, 0, 1);
}

// The gradient of qkv, given `upper`, that of the attended values. The weights are computed anew.
extern "C" __global__ void attention_backward(const STORED* qkv, const STORED* upper, STORED* gradient, long long sequences) {
    __shared__ float q[WARPS][LENGTH][PITCH], k[WARPS][LENGTH][PITCH], v[WARPS][LENGTH][PITCH], u[WARPS][LENGTH][PITCH];
    __shared__ float p[WARPS][LENGTH][LENGTH], d[WARPS][LENGTH][LENGTH];
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    long long unit = (long long)blockIdx.x * WARPS + warp;
    if (unit >= sequences * HEADS) return;
    fetch(qkv, unit, 0, 3, q[warp]);
    fetch(qkv, unit, 1, 3, k[warp]);
    fetch(qkv, unit, 2, 3, v[warp]);
    fetch(upper, unit, 0, 1, u[warp]);
    __syncwarp();
    attend(q[warp], k[warp], p[warp]);
    for (int e = lane; e < PAIRS; e += 32) d[warp][e / LENGTH][e % LENGTH] = dot(u[warp][e / LENGTH], v[warp][e % LENGTH]);
    __syncwarp();
    for (int i = lane; i < LENGTH; i += 32) {
        float sum = 0;
        for (int j = 0; j < LENGTH; j++) sum += p[warp][i][j] * d[warp][i][j];
        for (int j = 0; j < LENGTH; j++) d[warp][i][j] = p[warp][i][j] * (d[warp][i][j] - sum) * rsqrtf(HEAD);
    }
    __syncwarp();
    put(d[warp], false, k[warp], gradient, unit, 0, 3);
    put(d[warp], true, q[warp], gradient, unit, 1, 3);
    put(p[warp], true, u[warp], gradient, unit, 2, 3);
}
